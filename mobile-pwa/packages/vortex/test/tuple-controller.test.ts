import {html, LitElement} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {TupleController} from '../src/tuple-controller.js';
import type {TupleSource} from '../src/source.js';
import {FakeSource} from './fake-source.js';

const NORTH = '["outage.Outage","site","north"]';
const SOUTH = '["outage.Outage","site","south"]';

@customElement('site-board')
class SiteBoard extends LitElement {
  @property({attribute: false}) source: TupleSource | null = null;
  @property() site = 'north';

  readonly rows = new TupleController<{id: number}>(
    this,
    () => this.source,
    () => (this.site === '' ? null : {type: 'outage.Outage', key: {site: this.site}}),
  );

  override render(): unknown {
    const state = this.rows.state;
    return html`${state.kind === 'rows' ? `${String(state.rows.length)} rows` : state.kind}`;
  }
}

let source: FakeSource;
let board: SiteBoard;

beforeEach(async () => {
  source = new FakeSource();
  board = new SiteBoard();
  board.source = source;
  document.body.append(board);
  await board.updateComplete;
});

afterEach(() => {
  board.remove();
});

async function shown(): Promise<string> {
  await board.updateComplete;
  return board.shadowRoot?.textContent.trim() ?? '';
}

test('an element shows pending, then its rows', async () => {
  expect(await shown()).toBe('pending');
  source.rows(NORTH, [{id: 1}]);
  expect(await shown()).toBe('1 rows');
});

test('a problem before any rows is a failure, one after them leaves the rows on display', async () => {
  source.problem(NORTH, 'No.');
  expect(await shown()).toBe('failed');
  source.rows(NORTH, [{id: 1}]);
  source.problem(NORTH, 'No.');
  expect(await shown()).toBe('1 rows');
  expect(board.rows.state).toMatchObject({kind: 'rows', problem: {code: 'INTERNAL'}});
});

test('another selector ends the observation before and starts at pending', async () => {
  source.rows(NORTH, [{id: 1}]);
  board.site = 'south';
  expect(await shown()).toBe('pending');
  expect(source.observed).toEqual([SOUTH]);
  source.rows(NORTH, [{id: 1}, {id: 2}]);
  expect(await shown()).toBe('pending');
});

test('rows that the source holds already are shown in the first drawing', async () => {
  source.rows(SOUTH, [{id: 1}, {id: 2}]);
  board.site = 'south';
  expect(await shown()).toBe('2 rows');
});

test('a selector of null observes nothing', async () => {
  board.site = '';
  expect(await shown()).toBe('pending');
  expect(source.observed).toEqual([]);
});

test('an element that left the page observes nothing, and again when it is back', async () => {
  board.remove();
  expect(source.observed).toEqual([]);
  document.body.append(board);
  await board.updateComplete;
  expect(source.observed).toEqual([NORTH]);
});
