// @vitest-environment node
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {BridgeTransport} from '../src/bridge.js';
import {VortexClient} from '../src/client.js';

const TEXT = '["tutorial.StringInt"]';

let calls: string[];
let sent: [header: unknown, payload: string][];
let transport: BridgeTransport;
let client: VortexClient;

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  sent = [];
  transport = new BridgeTransport({
    open: () => calls.push('open'),
    send: (header, payload) => sent.push([JSON.parse(header), payload]),
    close: () => calls.push('close'),
  });
  client = new VortexClient({name: 'view', dial: transport.dial, random: () => 1});
});

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

async function comesOnline(): Promise<void> {
  client.connect();
  await Promise.resolve();
  transport.page.opened();
  transport.page.frame(
    JSON.stringify({kind: 'welcome', protocol: 1, service: 'desktop', name: 'w', version: '1', caller: 'device:w'}),
  );
}

test('a link opens over the bridge, and rows come in pieces of text', async () => {
  await comesOnline();
  expect(calls).toEqual(['open']);
  expect(sent).toEqual([[{kind: 'hello', protocol: 1, name: 'view'}, '']]);
  const seen: unknown[] = [];
  client.observe({type: 'tutorial.StringInt'}, (update) => seen.push(update.kind === 'rows' ? update.rows : update));
  const payload = JSON.stringify({keys: ['1'], rows: [{id: 1, text: 'Zürich 🚀 and back'}]});
  const cut = payload.indexOf('🚀') + 1; // in the middle of a surrogate pair
  transport.page.piece(payload.slice(0, cut));
  transport.page.piece(payload.slice(cut));
  transport.page.frame(JSON.stringify({kind: 'snapshot', selector: TEXT, epoch: 'e', version: 1}));
  expect(seen).toEqual([[{id: 1, text: 'Zürich 🚀 and back'}]]);
});

test('actions go over as two texts', async () => {
  await comesOnline();
  client.act({type: 'tutorial.AddToInt', fields: {id: 7, text: 'ü'}}).catch(() => undefined);
  expect(sent.at(-1)).toEqual([
    expect.objectContaining({kind: 'action', type: 'tutorial.AddToInt'}),
    '{"id":7,"text":"ü"}',
  ]);
});

test('a link that is lost is said with its reason and dialled again; pieces of the old one count no longer', async () => {
  await comesOnline();
  transport.page.piece('{"keys":');
  transport.page.closed('The workstation has no link.');
  expect(client.link.kind).toBe('offline');
  await vi.advanceTimersByTimeAsync(300);
  expect(calls).toEqual(['open', 'open']);
  await comesOnline();
  const seen: unknown[] = [];
  client.observe({type: 'tutorial.StringInt'}, (update) => seen.push(update.kind === 'rows' ? update.rows : update));
  transport.page.piece('{"keys":[],"rows":[]}');
  transport.page.frame(JSON.stringify({kind: 'snapshot', selector: TEXT, epoch: 'e', version: 1}));
  expect(seen).toEqual([[]]);
});

test('the page closes the link of the workstation once, and hears nothing more of it', async () => {
  await comesOnline();
  client.close();
  expect(calls).toEqual(['open', 'close']);
  transport.page.frame(JSON.stringify({kind: 'pong'}));
  expect(client.link.kind).toBe('ended');
});
