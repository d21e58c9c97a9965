import {afterEach, beforeEach, expect, test} from 'vitest';
import {FakeSource} from '../../vortex/test/fake-source.js';
import '../src/peek-app.js';
import type {PeekApp} from '../src/peek-app.js';
import {readRoute} from '../src/route.js';

const VIEWS = '["peek.View"]';
const TUTORIAL = {
  plugin: 'tutorial',
  title: 'Tutorial',
  version: '1.0.0',
  icon: '/plugins/tutorial/icon.png',
  module: '/plugins/tutorial/rows.js',
  element: 'tutorial-test-rows',
};

customElements.define('tutorial-test-rows', class extends HTMLElement {});

let source: FakeSource;
let app: PeekApp;

beforeEach(async () => {
  window.location.hash = '';
  source = new FakeSource();
  app = document.createElement('peek-app');
  app.source = source;
  document.body.append(app);
  await app.updateComplete;
});

afterEach(() => {
  app.remove();
});

function find(id: string): Element | null {
  return app.shadowRoot?.querySelector(`[data-testid="${id}"]`) ?? null;
}

async function go(hash: string): Promise<void> {
  window.location.hash = hash;
  window.dispatchEvent(new Event('hashchange'));
  await app.updateComplete;
}

test('the home screen has a tile for each view, and says so when there is none', async () => {
  source.rows(VIEWS, []);
  await app.updateComplete;
  expect(find('home-empty')).not.toBeNull();

  source.rows(VIEWS, [TUTORIAL]);
  await app.updateComplete;
  expect(find('tile-tutorial')).toMatchObject({label: 'Tutorial', href: '#/plugin/tutorial', icon: TUTORIAL.icon});
});

test('the address chooses the view; one that is not there is waited for', async () => {
  source.rows(VIEWS, []);
  await go('#/plugin/tutorial');
  expect(find('view-missing')).not.toBeNull();

  source.rows(VIEWS, [TUTORIAL]);
  await app.updateComplete;
  expect(find('view')).toMatchObject({view: TUTORIAL, source});

  await go('#/');
  expect(find('view')).toBeNull();
  expect(find('tile-tutorial')).not.toBeNull();
});

test('a lost link is said, but not the first connecting', async () => {
  source.linkIs({kind: 'connecting', since: null});
  await app.updateComplete;
  expect(find('offline')).toBeNull();
  source.linkIs({kind: 'offline', since: 1, retryInMs: 250});
  await app.updateComplete;
  expect(find('offline')).not.toBeNull();
  source.linkIs({kind: 'connecting', since: 1});
  await app.updateComplete;
  expect(find('offline')).not.toBeNull();
});

test('changes that wait on the device are counted in the bar', async () => {
  const entry = {
    plugin: 'tutorial',
    type: 'tutorial.AddToInt',
    label: 'Add 1',
    at: 0,
    state: 'waiting',
    problem: null,
  } as const;
  source.queued.holds([
    {...entry, id: '1'},
    {...entry, id: '2'},
  ]);
  const status = app.shadowRoot?.querySelector('peek-queue-status');
  await status?.updateComplete;
  expect(status?.shadowRoot?.querySelector('[data-testid="queue-count"]')?.textContent).toBe('2');
});

test('only names that plugins can have are routes', () => {
  expect(readRoute('#/plugin/generic_menu2')).toEqual({kind: 'plugin', name: 'generic_menu2'});
  for (const hash of ['', '#/', '#/plugin/', '#/plugin/Ab', '#/plugin/a/b', '#/plugin/<img>']) {
    expect(readRoute(hash)).toEqual({kind: 'home'});
  }
});
