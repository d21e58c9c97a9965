// @vitest-environment node
import {gzipSync} from 'node:zlib';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {VortexClient} from '../src/client.js';
import {ActionError} from '../src/source.js';
import type {TupleUpdate} from '../src/source.js';
import {overWebSocket} from '../src/transport.js';
import {FakeSocket} from './fake-socket.js';

interface Row {
  readonly id: number;
  readonly text: string;
}

const SELECTOR = {type: 'tutorial.StringInt'};
const TEXT = '["tutorial.StringInt"]';
const ONE: Row = {id: 1, text: 'one'};
const TWO: Row = {id: 2, text: 'two'};

let sockets: FakeSocket[];
let client: VortexClient;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  sockets = [];
  client = new VortexClient({
    name: 'test',
    random: () => 1,
    dial: overWebSocket(() => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    }),
  });
  client.connect();
});

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

function newest(): FakeSocket {
  const socket = sockets.at(-1);
  if (socket === undefined) {
    throw new Error('no socket was opened');
  }
  return socket;
}

function frameBytes(header: Record<string, unknown>, payload: unknown): Uint8Array {
  const head = new TextEncoder().encode(JSON.stringify(header));
  const body = new TextEncoder().encode(JSON.stringify(payload));
  const frame = new Uint8Array(4 + head.length + body.length);
  new DataView(frame.buffer).setUint32(0, head.length);
  frame.set(head, 4);
  frame.set(body, 4 + head.length);
  return frame;
}

function observed(): TupleUpdate<Row>[] {
  const updates: TupleUpdate<Row>[] = [];
  client.observe<Row>(SELECTOR, (update) => updates.push(update));
  return updates;
}

function snapshot(version: number, rows: Row[], epoch = 'e1'): void {
  newest().tells({kind: 'snapshot', selector: TEXT, epoch, version}, {keys: rows.map((row) => String(row.id)), rows});
}

function sentOf(kind: string, socket = newest()): Record<string, unknown>[] {
  return socket.sent.filter((header) => header['kind'] === kind);
}

describe('the link', () => {
  test('says hello first and is online with the welcome', () => {
    newest().opens();
    expect(newest().sent).toEqual([{kind: 'hello', protocol: 1, name: 'test'}]);
    expect(client.link).toEqual({kind: 'connecting', since: null});
    newest().welcomes();
    expect(client.link).toEqual({
      kind: 'online',
      welcome: {service: 'client', name: 'client', version: '0.1.0', caller: 'device:d-1'},
    });
  });

  test('dials again soon, then ever more slowly, at most every 10 s, and soon again after a steady link', () => {
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      newest().breaks();
      const state = client.link;
      waits.push(state.kind === 'offline' ? state.retryInMs : -1);
      vi.advanceTimersByTime(10_000);
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    newest().welcomes();
    vi.advanceTimersByTime(6_000);
    newest().breaks();
    expect(client.link).toMatchObject({kind: 'offline', retryInMs: 250});
  });

  test('keeps the moment of the loss through every attempt', () => {
    newest().welcomes();
    const lostAt = Date.now();
    newest().breaks();
    vi.advanceTimersByTime(300);
    expect(client.link).toEqual({kind: 'connecting', since: lostAt});
    newest().breaks();
    expect(client.link).toMatchObject({kind: 'offline', since: lostAt});
  });

  test('pings after 15 s of silence and is lost 10 s later', () => {
    newest().welcomes();
    vi.advanceTimersByTime(14_999);
    expect(sentOf('ping')).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(sentOf('ping')).toHaveLength(1);
    newest().tells({kind: 'pong'});
    vi.advanceTimersByTime(15_000);
    expect(sentOf('ping')).toHaveLength(2);
    vi.advanceTimersByTime(9_999);
    expect(client.link.kind).toBe('online');
    vi.advanceTimersByTime(1);
    expect(client.link.kind).toBe('offline');
    expect(newest().closedWith).toBe(4408);
  });

  test('does not dial again after close code 4401', () => {
    newest().welcomes();
    newest().breaks(4401);
    vi.advanceTimersByTime(60_000);
    client.connect();
    expect(client.link).toMatchObject({kind: 'ended', code: 4401});
    expect(sockets).toHaveLength(1);
  });

  test('is closed and dialled again when the service breaks the wire format', () => {
    newest().welcomes();
    newest().onmessage?.({data: 'text'});
    expect(newest().closedWith).toBe(4400);
    expect(client.link.kind).toBe('offline');
  });

  test('hears nothing from a socket that was given up', () => {
    newest().welcomes();
    const updates = observed();
    const old = newest();
    const late = old.onmessage;
    old.breaks();
    expect(old.onmessage).toBeNull();
    expect(late).not.toBeNull();
    expect(updates).toEqual([]);
  });
});

describe('observing', () => {
  test('shares one subscription among all observers and tells a late one at once', () => {
    newest().welcomes();
    const first = observed();
    snapshot(1, [ONE]);
    const second = observed();
    expect(sentOf('observe')).toEqual([{kind: 'observe', selector: TEXT}]);
    expect(first).toEqual([{kind: 'rows', rows: [ONE], added: [ONE], changed: [], removed: []}]);
    expect(second).toEqual(first);
  });

  test('gives the subscription up a moment after the last observer left', () => {
    newest().welcomes();
    const stop = client.observe(SELECTOR, () => undefined);
    const stopToo = client.observe(SELECTOR, () => undefined);
    stop();
    vi.advanceTimersByTime(5_000);
    expect(sentOf('unobserve')).toHaveLength(0);
    stopToo();
    const stopAgain = client.observe(SELECTOR, () => undefined);
    vi.advanceTimersByTime(5_000);
    expect(sentOf('unobserve')).toHaveLength(0);
    stopAgain();
    vi.advanceTimersByTime(1_000);
    expect(sentOf('unobserve')).toEqual([{kind: 'unobserve', selector: TEXT}]);
    expect(sentOf('observe')).toHaveLength(1);
  });

  test('tells what a delta added, changed and removed, and keeps the objects of other rows', () => {
    newest().welcomes();
    const updates = observed();
    snapshot(1, [ONE, TWO, {id: 3, text: 'three'}]);
    const held = updates[0]?.kind === 'rows' ? updates[0].rows[0] : null;
    newest().tells(
      {kind: 'delta', selector: TEXT, epoch: 'e1', from: 1, version: 2},
      {
        remove: ['3'],
        put: [
          [1, '2', {id: 2, text: 'TWO'}],
          [0, '9', {id: 9, text: 'nine'}],
        ],
      },
    );
    expect(updates[1]).toEqual({
      kind: 'rows',
      rows: [{id: 9, text: 'nine'}, ONE, {id: 2, text: 'TWO'}],
      added: [{id: 9, text: 'nine'}],
      changed: [{id: 2, text: 'TWO'}],
      removed: [{id: 3, text: 'three'}],
    });
    expect(updates[1]?.kind === 'rows' ? updates[1].rows[1] : undefined).toBe(held);
  });

  test('continues at epoch and version after a reconnect, where "current" needs no news', () => {
    newest().welcomes();
    const updates = observed();
    snapshot(7, [ONE]);
    newest().breaks();
    vi.advanceTimersByTime(250);
    newest().welcomes();
    expect(sentOf('observe')).toEqual([{kind: 'observe', selector: TEXT, epoch: 'e1', version: 7}]);
    newest().tells({kind: 'current', selector: TEXT, epoch: 'e1', version: 7});
    expect(updates).toHaveLength(1);
    newest().tells({kind: 'delta', selector: TEXT, epoch: 'e1', from: 7, version: 8}, {remove: ['1'], put: []});
    expect(updates[1]).toEqual({kind: 'rows', rows: [], added: [], changed: [], removed: [ONE]});
  });

  test.each([
    ['from a later version', {epoch: 'e1', from: 3, version: 4}],
    ['of another epoch', {epoch: 'e2', from: 1, version: 2}],
  ])(
    'asks anew without a version when a delta is %s, and compares the snapshot with the rows on display',
    (_, header) => {
      newest().welcomes();
      const updates = observed();
      snapshot(1, [ONE, TWO]);
      newest().tells({kind: 'delta', selector: TEXT, ...header}, {remove: ['1'], put: []});
      newest().tells({kind: 'delta', selector: TEXT, ...header}, {remove: ['2'], put: []});
      expect(sentOf('observe')).toEqual([
        {kind: 'observe', selector: TEXT},
        {kind: 'observe', selector: TEXT},
      ]);
      expect(updates).toHaveLength(1);
      snapshot(1, [TWO], 'e3');
      expect(updates[1]).toEqual({kind: 'rows', rows: [TWO], added: [], changed: [], removed: [ONE]});
    },
  );

  test('asks anew when a delta puts a row where none can stand', () => {
    newest().welcomes();
    const updates = observed();
    snapshot(1, [ONE]);
    newest().tells(
      {kind: 'delta', selector: TEXT, epoch: 'e1', from: 1, version: 2},
      {remove: [], put: [[5, '2', TWO]]},
    );
    expect(sentOf('observe')).toHaveLength(2);
    expect(updates).toHaveLength(1);
  });

  test('a problem is told, and lifted by "current"', () => {
    newest().welcomes();
    const updates = observed();
    snapshot(1, [ONE]);
    newest().tells({kind: 'problem', selector: TEXT, code: 'INTERNAL', message: 'The rows cannot be read now.'});
    newest().tells({kind: 'current', selector: TEXT, epoch: 'e1', version: 1});
    expect(updates.slice(1)).toEqual([
      {kind: 'problem', problem: {code: 'INTERNAL', message: 'The rows cannot be read now.'}},
      {kind: 'rows', rows: [ONE], added: [], changed: [], removed: []},
    ]);
  });

  test('a snapshot that comes in pieces is whole with the last one, and answers pass between', () => {
    const updates = observed();
    newest().welcomes();
    const rows = Array.from({length: 500}, (_, id) => ({id, text: `row ${String(id)}`}));
    const bytes = frameBytes({kind: 'snapshot', selector: TEXT, epoch: 'e1', version: 1}, {rows});
    newest().tellsBytes({kind: 'part', frame: 3}, bytes.subarray(0, 5000));
    newest().tells({kind: 'pong'});
    newest().tellsBytes({kind: 'part', frame: 3}, bytes.subarray(5000, 10_000));
    expect(updates).toEqual([]);
    newest().tellsBytes({kind: 'part', frame: 3, last: true}, bytes.subarray(10_000));
    expect(updates).toMatchObject([{kind: 'rows', rows}]);
  });

  test('pieces of more than the largest frame break the link', () => {
    newest().welcomes();
    for (let i = 0; i < 5; i++) {
      newest().tellsBytes({kind: 'part', frame: i}, new Uint8Array(8 * 1024 * 1024));
    }
    expect(newest().closedWith).toBe(4400);
  });

  test('an observer that throws does not keep the rows from the next', () => {
    newest().welcomes();
    client.observe(SELECTOR, () => {
      throw new Error('broken view');
    });
    const updates = observed();
    snapshot(1, [ONE]);
    expect(updates).toHaveLength(1);
  });

  test('a compressed snapshot takes effect before the delta that follows it', async () => {
    vi.useRealTimers();
    newest().welcomes();
    const updates = observed();
    const packed = gzipSync(JSON.stringify({keys: ['1'], rows: [ONE]}));
    newest().tellsBytes({kind: 'snapshot', selector: TEXT, epoch: 'e1', version: 1, gzip: true}, packed);
    newest().tells(
      {kind: 'delta', selector: TEXT, epoch: 'e1', from: 1, version: 2},
      {remove: [], put: [[1, '2', TWO]]},
    );
    expect(updates).toEqual([]);
    await vi.waitFor(() => {
      expect(updates).toHaveLength(2);
    });
    expect(updates[1]).toMatchObject({rows: [ONE, TWO], added: [TWO]});
    expect(sentOf('observe')).toHaveLength(1);
  });

  test('a payload that is not gzip breaks the link', async () => {
    vi.useRealTimers();
    newest().welcomes();
    observed();
    const socket = newest();
    socket.tellsBytes(
      {kind: 'snapshot', selector: TEXT, epoch: 'e1', version: 1, gzip: true},
      new Uint8Array([1, 2, 3]),
    );
    await vi.waitFor(() => {
      expect(socket.closedWith).toBe(4400);
    });
  });
});

describe('actions', () => {
  const ACTION = {type: 'tutorial.AddToInt', fields: {id: 7, amount: -1}};

  async function errorOf(outcome: Promise<unknown>): Promise<unknown> {
    return outcome.then(
      () => null,
      (error: unknown) => error,
    );
  }

  test('are sent with an id of their own and settled by their outcome', async () => {
    newest().welcomes();
    const first = client.act(ACTION);
    const second = client.act(ACTION);
    const [one, two] = sentOf('action');
    expect(one).toEqual({kind: 'action', id: one?.['id'], type: 'tutorial.AddToInt'});
    expect(one?.['id']).not.toBe(two?.['id']);
    expect(newest().payloads.at(-1)).toEqual({id: 7, amount: -1});
    newest().tells({kind: 'outcome', id: two?.['id'], result: 'rejected', code: 'GONE', message: 'Row 7 is gone.'});
    newest().tells({kind: 'outcome', id: one?.['id'], result: 'applied'}, [{sum: 3}]);
    expect(await second).toEqual({kind: 'rejected', code: 'GONE', message: 'Row 7 is gone.'});
    expect(await first).toEqual({kind: 'applied', values: [{sum: 3}]});
  });

  test('are refused at once without a link', async () => {
    const error = await errorOf(client.act(ACTION));
    expect(error).toBeInstanceOf(ActionError);
    expect(error).toMatchObject({reason: 'offline'});
    expect(sentOf('action')).toHaveLength(0);
  });

  test('time out after 30 s, and a late outcome is ignored', async () => {
    newest().welcomes();
    const outcome = errorOf(client.act(ACTION));
    const id = sentOf('action')[0]?.['id'];
    vi.advanceTimersByTime(14_000);
    newest().tells({kind: 'pong'});
    vi.advanceTimersByTime(14_000);
    newest().tells({kind: 'pong'});
    vi.advanceTimersByTime(2_000);
    expect(await outcome).toMatchObject({reason: 'timedOut'});
    newest().tells({kind: 'outcome', id, result: 'applied'}, []);
    expect(client.link.kind).toBe('online');
  });

  test('fail when the link is lost before the outcome', async () => {
    newest().welcomes();
    const outcome = errorOf(client.act(ACTION));
    newest().breaks();
    expect(await outcome).toMatchObject({reason: 'linkLost'});
  });

  test('that are too large are refused and leave the link alone', async () => {
    newest().welcomes();
    const outcome = await errorOf(client.act({type: 't.T', fields: {bytes: 'x'.repeat(2 * 1024 * 1024)}}));
    expect(outcome).toMatchObject({reason: 'refused'});
    expect(client.link.kind).toBe('online');
  });
});

describe('asking once', () => {
  test('answers with the first rows, and observes no longer', async () => {
    newest().welcomes();
    const rows = client.ask<Row>(SELECTOR);
    expect(sentOf('observe')).toEqual([{kind: 'observe', selector: TEXT}]);
    snapshot(1, [ONE, TWO]);
    expect(await rows).toEqual([ONE, TWO]);
    vi.advanceTimersByTime(1_000);
    expect(sentOf('unobserve')).toEqual([{kind: 'unobserve', selector: TEXT}]);
  });

  test('takes the rows that are observed here already, and leaves them observed', async () => {
    newest().welcomes();
    observed();
    snapshot(1, [ONE]);
    expect(await client.ask<Row>(SELECTOR)).toEqual([ONE]);
    vi.advanceTimersByTime(1_000);
    expect(sentOf('observe')).toHaveLength(1);
    expect(sentOf('unobserve')).toHaveLength(0);
  });

  test('fails with the problem the service names, or when the deadline is over', async () => {
    newest().welcomes();
    const refused = client.ask(SELECTOR).catch((error: unknown) => error);
    newest().tells({kind: 'problem', selector: TEXT, code: 'NOT_ALLOWED', message: 'Not for devices.'});
    expect(await refused).toMatchObject({name: 'AskError', code: 'NOT_ALLOWED', message: 'Not for devices.'});

    const late = client.ask({type: 'tutorial.Slow'}, 2_000).catch((error: unknown) => error);
    vi.advanceTimersByTime(2_000);
    expect(await late).toMatchObject({code: 'TIMED_OUT'});
  });
});

describe('actions that the service sends', () => {
  const perform = (id: string, type = 'tutorial.Show'): void => {
    newest().tells({kind: 'perform', id, type}, {row: 7});
  };

  test('are carried out by the handler of their type and answered', async () => {
    newest().welcomes();
    const seen: unknown[] = [];
    const end = client.handle('tutorial.Show', (fields) => {
      seen.push(fields);
      return {kind: 'applied', values: ['shown']};
    });
    perform('p-1');
    await vi.waitFor(() => {
      expect(sentOf('performed')).toEqual([{kind: 'performed', id: 'p-1', result: 'applied'}]);
    });
    expect(newest().payloads.at(-1)).toEqual(['shown']);
    expect(seen).toEqual([{row: 7}]);
    expect(() => client.handle('tutorial.Show', () => ({kind: 'applied', values: []}))).toThrow(
      'have a handler already',
    );
    end();
    perform('p-2');
    expect(sentOf('performed').at(-1)).toMatchObject({id: 'p-2', result: 'failed', code: 'NOT_OFFERED'});
  });

  test('are answered as rejected or failed when the handler says so or throws, without its words', async () => {
    newest().welcomes();
    client.handle('tutorial.No', () => ({kind: 'rejected', code: 'BUSY', message: 'The user is busy.'}));
    client.handle('tutorial.Broken', () => {
      throw new Error('a secret detail');
    });
    perform('p-1', 'tutorial.No');
    perform('p-2', 'tutorial.Broken');
    await vi.waitFor(() => {
      expect(sentOf('performed')).toHaveLength(2);
    });
    const [no, broken] = ['p-1', 'p-2'].map((id) => sentOf('performed').find((each) => each['id'] === id));
    expect(no).toEqual({kind: 'performed', id: 'p-1', result: 'rejected', code: 'BUSY', message: 'The user is busy.'});
    expect(broken).toMatchObject({id: 'p-2', result: 'failed', code: 'INTERNAL'});
    expect(broken?.['message']).not.toContain('secret');
  });

  test('at most 64 are under way at once', () => {
    newest().welcomes();
    client.handle('tutorial.Show', () => new Promise(() => undefined));
    for (let i = 0; i < 65; i++) {
      perform(`p-${String(i)}`);
    }
    expect(sentOf('performed')).toMatchObject([{id: 'p-64', result: 'failed', code: 'CONFLICT'}]);
  });
});

test('queued actions carry their place, wait for a link, and are sent again on the next one', async () => {
  const {outcome} = await client.enqueue({type: 'tutorial.AddToInt', fields: {id: 7, amount: 1}}, 'Add 1');
  expect(client.queued.entries).toMatchObject([{label: 'Add 1', state: 'waiting'}]);
  newest().welcomes();
  await vi.waitFor(() => {
    expect(sentOf('action')).toHaveLength(1);
  });
  const first = sentOf('action')[0];
  expect(first).toMatchObject({type: 'tutorial.AddToInt', sequence: 1, acknowledged: 0});
  newest().breaks();
  vi.advanceTimersByTime(10_000);
  newest().welcomes();
  await vi.waitFor(() => {
    expect(sentOf('action')).toHaveLength(1);
  });
  const again = sentOf('action')[0];
  expect(again).toMatchObject({queue: first?.['queue'], sequence: 1});
  newest().tells({kind: 'outcome', id: again?.['id'], result: 'applied'}, []);
  expect(await outcome).toEqual({kind: 'applied', values: []});
  await vi.waitFor(() => {
    expect(client.queued.entries).toEqual([]);
  });
});
