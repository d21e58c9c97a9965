import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import '../src/peek-table.js';
import type {PeekTable} from '../src/peek-table.js';

interface Row {
  readonly id: number;
  readonly text: string;
}

const ROW_HEIGHT = 50;
const VIEW_HEIGHT = 500;

let table: PeekTable<Row>;
let resized: () => void;

beforeEach(async () => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(callback: () => void) {
        resized = callback;
      }
      observe(): void {
        // The test says when.
      }
      disconnect(): void {
        // Nothing is observed.
      }
    },
  );
  table = document.createElement('peek-table') as PeekTable<Row>;
  table.rowHeight = ROW_HEIGHT;
  table.columns = [{header: 'Text', width: '1fr', cell: (row) => row.text}];
  table.rowKey = (row) => row.id;
  table.rows = rows(11_833);
  document.body.append(table);
  await table.updateComplete;
  Object.defineProperty(view(), 'clientHeight', {value: VIEW_HEIGHT});
  resized();
  await table.updateComplete;
});

afterEach(() => {
  table.remove();
});

function rows(count: number): readonly Row[] {
  return Array.from({length: count}, (_, i) => ({id: i, text: `row ${String(i)}`}));
}

function view(): HTMLElement {
  const found = table.shadowRoot?.querySelector<HTMLElement>('.view');
  if (found == null) {
    throw new Error('the table was not drawn');
  }
  return found;
}

function drawn(): HTMLElement[] {
  return [...view().querySelectorAll<HTMLElement>('[data-row]')];
}

async function scrollTo(top: number): Promise<void> {
  view().scrollTop = top;
  view().dispatchEvent(new Event('scroll'));
  await table.updateComplete;
}

async function show(next: readonly Row[]): Promise<void> {
  table.rows = next;
  await table.updateComplete;
}

test('of many rows only those in view are drawn, in a body as high as all of them', async () => {
  expect(drawn().length).toBeLessThan(40);
  expect(view().querySelector<HTMLElement>('.body')?.style.height).toBe(`${String(11_833 * ROW_HEIGHT)}px`);
  expect(view().getAttribute('aria-rowcount')).toBe('11834');

  await scrollTo(5_000 * ROW_HEIGHT);

  const row = drawn().find((each) => each.dataset['row'] === '5000');
  expect(row?.style.transform).toBe(`translateY(${String(5_000 * ROW_HEIGHT)}px)`);
  expect(row?.getAttribute('aria-rowindex')).toBe('5002');
  expect(drawn().length).toBeLessThan(40);
});

test('the last row is reached', async () => {
  await scrollTo(11_833 * ROW_HEIGHT - VIEW_HEIGHT);
  expect(drawn().at(-1)?.dataset['row']).toBe('11832');
});

test('rows in view stay in place when others come above or go', async () => {
  const all = rows(1_000);
  await show(all);
  await scrollTo(500 * ROW_HEIGHT + 7);

  await show([{id: -1, text: 'new'}, {id: -2, text: 'new'}, ...all]);
  expect(view().scrollTop).toBe(502 * ROW_HEIGHT + 7);

  // Row 500, at the top, goes: row 501 stays where it was, which is now at 400.
  await show(all.slice(100).filter((row) => row.id !== 500));
  expect(view().scrollTop).toBe(399 * ROW_HEIGHT + 7);
});

test('at the top, new rows at the top are shown', async () => {
  await show([{id: -1, text: 'new'}, ...rows(1_000)]);
  expect(view().scrollTop).toBe(0);
  expect(drawn()[0]?.dataset['row']).toBe('-1');
});

test('a row whose object was replaced flashes, and anew when it is replaced again', async () => {
  const all = [...table.rows];
  const third = (): string => drawn()[3]?.className.trim() ?? '';
  expect(third()).toBe('row');

  all[3] = {id: 3, text: 'changed'};
  await show([...all]);
  const first = third();
  expect(first).toMatch(/^row flash-[01]$/);
  expect(drawn()[4]?.className.trim()).toBe('row');

  all[3] = {id: 3, text: 'changed again'};
  await show([...all]);
  expect(third()).toMatch(/^row flash-[01]$/);
  expect(third()).not.toBe(first);
});
