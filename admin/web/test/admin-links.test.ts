import {afterEach, beforeEach, expect, test} from 'vitest';
import {FakeSource} from '../../../mobile-pwa/packages/vortex/test/fake-source.js';
import '@peek/ui';
import '../src/admin-links.js';
import type {AdminLinks} from '../src/admin-links.js';

const PARTIES = '["peek.Party"]';
const SERVER = {id: 'service:server:server', kind: 'server', name: 'server', online: true, since: ago(7200)};
const NORTH = {
  id: 'service:agent:north',
  kind: 'agent',
  name: 'north',
  online: false,
  since: ago(65),
  link: 'http',
  version: '0.1.0',
};

let source: FakeSource;
let page: AdminLinks;

beforeEach(() => {
  source = new FakeSource();
  page = document.createElement('admin-links');
  page.source = source;
  document.body.append(page);
});

afterEach(() => {
  page.remove();
});

function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString();
}

function device(id: number, name: string, online: boolean): unknown {
  return {
    id: `device:d-${String(id)}`,
    kind: 'device',
    name,
    online,
    since: ago(0),
    link: 'websocket',
    via: 'service:client:front',
  };
}

async function shows(rows: readonly unknown[]): Promise<ShadowRoot> {
  source.rows(PARTIES, rows);
  await page.updateComplete;
  if (page.shadowRoot === null) {
    throw new Error('not drawn');
  }
  return page.shadowRoot;
}

function textOf(root: ShadowRoot, testId: string): string {
  return (root.querySelector(`[data-testid="${testId}"]`)?.textContent ?? '').replace(/\s+/g, ' ').trim();
}

test('services are told with their link and since when; without devices it says what will appear', async () => {
  const root = await shows([SERVER, NORTH]);
  expect(textOf(root, 'party-service:server:server')).toBe('Server connected for 2 hours');
  expect(textOf(root, 'party-service:agent:north')).toBe('Agent north plain HTTP · version 0.1.0 gone for 1 minute');
  expect(textOf(root, 'devices-empty')).toContain('appear here when they connect');
});

test('devices come with those that are connected first, counted, and can be filtered', async () => {
  const many = Array.from({length: 3000}, (_, i) => device(i, `Phone ${String(i)}`, i % 3 !== 0));
  const root = await shows([SERVER, ...many]);
  expect(textOf(root, 'devices-count')).toBe('2,000 connected, 1,000 gone');
  const table = root.querySelector('peek-table');
  expect((table?.rows as {name: string}[]).slice(0, 2).map((row) => row.name)).toEqual(['Phone 1', 'Phone 2']);

  const filter = root.querySelector<HTMLElement & {value: string}>('[data-testid="devices-filter"]');
  if (filter === null) {
    throw new Error('no filter');
  }
  filter.value = ' phone 2999';
  filter.dispatchEvent(new Event('peek-input'));
  await page.updateComplete;
  expect(root.querySelector('peek-table')?.rows).toHaveLength(1);
});

test('what the server says when the list cannot be had stands on the page', async () => {
  source.problem(PARTIES, 'The server has no list.');
  await page.updateComplete;
  expect(page.shadowRoot?.querySelector('peek-error')?.error?.message).toBe('The server has no list.');
});
