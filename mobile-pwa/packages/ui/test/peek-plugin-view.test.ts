import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import '../src/peek-plugin-view.js';
import type {PeekPluginView, ViewRow} from '../src/peek-plugin-view.js';

let view: PeekPluginView;
let loads: {readonly url: string; readonly done: () => void; readonly fail: (error: Error) => void}[];
let count = 0;

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  loads = [];
  view = document.createElement('peek-plugin-view');
  view.source = {name: 'the source'};
  view.load = (url) =>
    new Promise((resolve, reject) => {
      loads.push({
        url,
        done: () => {
          resolve({});
        },
        fail: reject,
      });
    });
  document.body.append(view);
});

afterEach(() => {
  view.remove();
});

/** A view whose address and element no other test has. */
function row(more: Partial<ViewRow> = {}): ViewRow {
  count++;
  const n = String(count);
  return {
    plugin: 'outage',
    title: 'Outages',
    version: '1.0.0',
    icon: null,
    module: `/plugins/outage/${n}/board.js`,
    element: `outage-board-${n}`,
    ...more,
  };
}

interface Board extends HTMLElement {
  source?: unknown;
  sourceWhenAttached?: unknown;
}

function define(name: string): void {
  customElements.define(
    name,
    class extends HTMLElement {
      source: unknown;
      sourceWhenAttached: unknown;
      connectedCallback(): void {
        this.sourceWhenAttached = this.source;
      }
    },
  );
}

function find(selector: string): Element | null {
  return view.shadowRoot?.querySelector(selector) ?? null;
}

async function until(selector: string): Promise<Element> {
  return vi.waitFor(() => {
    const found = find(selector);
    if (found === null) {
      throw new Error(`no ${selector}`);
    }
    return found;
  });
}

test('the element is shown with its source set before it was attached', async () => {
  const shown = row();
  view.view = shown;
  await view.updateComplete;
  expect(find('peek-spinner')).not.toBeNull();
  define(shown.element);
  loads[0]?.done();
  const element: Board = await until(shown.element).then((found) => found as Board);
  expect(element.sourceWhenAttached).toBe(view.source);
});

test('a module that does not register its element fails, in this place and by name', async () => {
  const shown = row();
  view.view = shown;
  await view.updateComplete;
  loads[0]?.done();
  const error = await until('peek-error');
  expect((error as HTMLElement & {error: {message: string}}).error.message).toContain(`<${shown.element}>`);
});

test('a module that cannot be loaded fails, and may be tried again', async () => {
  const shown = row();
  view.view = shown;
  await view.updateComplete;
  loads[0]?.fail(new Error('404'));
  const error = await until('peek-error');
  error.querySelector('peek-button')?.click();
  await vi.waitFor(() => {
    expect(loads).toHaveLength(2);
  });
  define(shown.element);
  loads[1]?.done();
  expect(await until(shown.element)).toBeInstanceOf(HTMLElement);
});

test('a module of another site is not loaded', async () => {
  view.view = row({module: 'https://elsewhere.example/board.js'});
  await until('peek-error');
  expect(loads).toEqual([]);
});

test('two places share one load', async () => {
  const shown = row();
  const second = document.createElement('peek-plugin-view');
  second.load = view.load;
  document.body.append(second);
  view.view = shown;
  second.view = shown;
  await Promise.all([view.updateComplete, second.updateComplete]);
  second.remove();
  expect(loads).toHaveLength(1);
});

test('a load that ends after another view was chosen is ignored', async () => {
  const [slow, quick] = [row(), row()];
  view.view = slow;
  await view.updateComplete;
  view.view = quick;
  await view.updateComplete;
  define(quick.element);
  loads[1]?.done();
  await until(quick.element);
  define(slow.element);
  loads[0]?.done();
  // All that follows from the load happens before the next turn of the event loop.
  await new Promise((turn) => setTimeout(turn));
  await view.updateComplete;
  expect(find(slow.element)).toBeNull();
  expect(find(quick.element)).not.toBeNull();
});

test('an upgrade while the view is open keeps it and offers to reload', async () => {
  const shown = row();
  define(shown.element);
  view.view = shown;
  const element = await until(shown.element);
  expect(find('peek-notice')).not.toBeNull(); // registered by someone else, so not of this module

  const upgraded = {...shown, version: '1.1.0', module: `${shown.module}?new`};
  view.view = upgraded;
  await view.updateComplete;
  expect(find('peek-notice')?.textContent).toContain('new version of Outages');
  expect(find(shown.element)).toBe(element);
});

test('a new row for the same module changes nothing', async () => {
  const shown = row();
  view.view = shown;
  await view.updateComplete;
  define(shown.element);
  loads[0]?.done();
  const element = await until(shown.element);
  view.view = {...shown, title: 'Outages of the north'};
  await view.updateComplete;
  expect(find(shown.element)).toBe(element);
  expect(find('peek-notice')).toBeNull();
});

test('a view that throws when it is made fails in this place only', async () => {
  const shown = row();
  customElements.define(
    shown.element,
    class extends HTMLElement {
      constructor() {
        super();
        throw new Error('broken constructor');
      }
    },
  );
  view.view = shown;
  const error = await until('peek-error');
  expect((error as HTMLElement & {error: {message: string}}).error.message).toBe('broken constructor');
});
