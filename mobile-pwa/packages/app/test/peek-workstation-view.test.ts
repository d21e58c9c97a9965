import {afterEach, beforeEach, expect, test} from 'vitest';
import {waitForWorkstation} from '../src/peek-workstation-view.js';
import type {WorkstationPage} from '../src/peek-workstation-view.js';

const VIEW = {
  plugin: 'tutorial',
  title: 'Rows (web)',
  version: '1.0.0',
  module: '/plugins/tutorial/rows.js',
  element: 'tutorial-workstation-rows',
};

customElements.define('tutorial-workstation-rows', class extends HTMLElement {});

let calls: string[];
let page: WorkstationPage;

beforeEach(() => {
  // Of this test only: the clients of former ones go on dialling.
  const own: string[] = [];
  calls = own;
  waitForWorkstation(document.body);
  window.peekBridge = {
    view: (part) => VIEW[part],
    ready: () => own.push('ready'),
    open: () => own.push('open'),
    send: (header) => own.push((JSON.parse(header) as {kind: string}).kind),
    close: () => own.push('close'),
    enqueue: (call, type, fields) => own.push(`enqueue ${call} ${type} ${fields}`),
    sendAgain: (call, id) => own.push(`sendAgain ${call} ${id}`),
    discard: (call, id) => own.push(`discard ${call} ${id}`),
    browse: (url) => own.push(`browse ${url}`),
  };
  if (window.peekPage === undefined) {
    throw new Error('the page offers nothing to the workstation');
  }
  page = window.peekPage;
});

afterEach(() => {
  (page as Partial<WorkstationPage>).closed?.('');
  document.body.replaceChildren();
  delete window.peekBridge;
});

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

function within(id: string): Element | null {
  return document.querySelector('peek-workstation-view')?.shadowRoot?.querySelector(`[data-testid="${id}"]`) ?? null;
}

test('once started it shows the view, with a source over the bridge, in the theme of the window', async () => {
  expect(document.querySelector('peek-workstation-view')).toBeNull();
  page.start('dark');
  await settled();
  expect(document.documentElement.getAttribute('data-theme')).toBe('dark');
  expect(within('view')).toMatchObject({view: VIEW});
  expect(calls).toEqual(['open']);
  page.opened();
  expect(calls).toEqual(['open', 'hello']);
  page.theme('light');
  expect(document.documentElement.getAttribute('data-theme')).toBe('light');
});

test('a page that is there later than the bridge says that it is', () => {
  waitForWorkstation(document.body);
  expect(calls).toEqual(['ready']);
});

test('a lost link is said, and dialled at once when the workstation has its own again', async () => {
  page.start('light');
  await settled();
  page.closed('The workstation has no link.');
  await settled();
  expect(within('offline')?.textContent).toContain('No connection to the service.');
  page.online();
  await settled();
  expect(calls).toEqual(['open', 'open']);
});

test('links open in the browser of the user, but for places within the page', async () => {
  page.start('light');
  await settled();
  for (const href of ['https://example.com/manual', '/docs/', '#/row/7']) {
    const link = document.createElement('a');
    link.href = href;
    within('view')?.append(link);
    link.click();
  }
  expect(calls.filter((call) => call.startsWith('browse'))).toEqual([
    'browse https://example.com/manual',
    `browse ${new URL('/docs/', window.location.href).href}`,
  ]);
});

test('actions that are queued go to the workstation, with or without a link', async () => {
  page.start('light');
  await settled();
  const source = document.querySelector('peek-workstation-view')?.source;
  const queued = source?.enqueue({type: 'tutorial.AddToInt', fields: {id: 7}}, 'Add 1');
  expect(calls).toEqual(['open', 'enqueue 1 tutorial.AddToInt {"id":7}']);
  page.answered('1', '12', '');
  expect((await queued)?.id).toBe('12');
});
