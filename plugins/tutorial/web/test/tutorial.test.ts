import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {FakeSource} from '../../../../mobile-pwa/packages/vortex/test/fake-source.js';
import type {ActionOutcome} from '@peek/vortex';
import '../src/admin/tutorial-admin.js';
import {countText, matching, wholeNumber} from '../src/filter.js';
import '../src/mobile/tutorial-rows.js';
import {negationText} from '../src/negation.js';
import {numberColumns} from '../src/tutorial-import.js';
import type {ImportColumn} from '../src/tuples.js';
import {base64, PIECE_BYTES, uploadFile} from '../src/upload.js';

const ROWS = '["tutorial.StringInt"]';
const SETTINGS = '["tutorial.Settings"]';
const SAND = {id: 7, string1: 'Sand Point', int1: 12};
const BAY = {id: 9, string1: 'Cold Bay', int1: -3};

let source: FakeSource;

beforeEach(() => {
  source = new FakeSource();
});

afterEach(() => {
  document.body.replaceChildren();
});

describe('filtering', () => {
  test('finds texts in any case, and numbers', () => {
    expect(matching([SAND, BAY], ' BAY ')).toEqual([BAY]);
    expect(matching([SAND, BAY], '-3')).toEqual([BAY]);
    expect(matching([SAND, BAY], 'x')).toEqual([]);
    const all = [SAND, BAY];
    expect(matching(all, ' ')).toBe(all);
  });

  test('counts in words', () => {
    expect(countText(1, 1)).toBe('1 row');
    expect(countText(3, 12)).toBe('3 of 12 rows');
  });

  test.each([
    [' -3 ', -3],
    ['+12', 12],
    ['\u22125', -5],
    ['', null],
    ['1.5', null],
    ['1e3', null],
    ['99999999999999999', null],
  ])('the number typed as "%s" is %s', (typed, value) => {
    expect(wholeNumber(typed)).toBe(value);
  });
});

describe('the task for workers', () => {
  const task = {taskId: '7', number: 3, state: 'QUEUED', changedAt: '2026-11-30T08:00:00Z'} as const;

  test.each([
    [{...task}, 'The task to negate 3 waits for a worker.'],
    [{...task, state: 'RUNNING'} as const, 'A worker negates 3.'],
    [{...task, state: 'FAILED', problem: 'No sign.'} as const, 'Negating 3 failed and is tried again: No sign.'],
    [{...task, state: 'DEAD', problem: 'No sign.'} as const, 'Negating 3 was given up: No sign.'],
  ])('is told in words', (negation, words) => {
    expect(negationText([negation])).toBe(words);
  });

  test('is told with its result', () => {
    expect(negationText([{...task, state: 'DONE', result: -3}])).toMatch(/^A worker negated 3: -3, at .+\.$/u);
    expect(negationText([])).toBe('No task has been submitted yet.');
  });
});

describe('uploading a file', () => {
  const file = (bytes: number): File => new File([new Uint8Array(bytes).fill(65)], 'a.csv');

  test('sends pieces one after the other, each with its offset', async () => {
    const seen: number[] = [];
    const problem = await uploadFile(source, 'i-1', file(PIECE_BYTES * 2 + 5), (sent) => {
      seen.push(sent);
      return true;
    });
    expect(problem).toBeNull();
    const [start, ...pieces] = source.acted;
    expect(start).toEqual({
      type: 'tutorial.StartImport',
      fields: {importId: 'i-1', fileName: 'a.csv', size: PIECE_BYTES * 2 + 5},
    });
    expect(
      pieces.map((piece) => [piece.type, piece.fields['offset'], atob(piece.fields['bytes'] as string).length]),
    ).toEqual([
      ['tutorial.AppendImport', 0, PIECE_BYTES],
      ['tutorial.AppendImport', PIECE_BYTES, PIECE_BYTES],
      ['tutorial.AppendImport', PIECE_BYTES * 2, 5],
    ]);
    expect(seen).toEqual([0, PIECE_BYTES, PIECE_BYTES * 2, PIECE_BYTES * 2 + 5]);
  });

  test('stops at the first refusal, with its sentence', async () => {
    source.outcome = (action) =>
      Promise.resolve(
        action.type === 'tutorial.AppendImport'
          ? {kind: 'rejected', code: 'X', message: 'Not this piece.'}
          : {kind: 'applied', values: []},
      );
    expect(await uploadFile(source, 'i', file(PIECE_BYTES * 3), () => true)).toBe('Not this piece.');
    expect(source.acted).toHaveLength(2);
  });

  test('stops when it is no longer wanted', async () => {
    await uploadFile(source, 'i', file(PIECE_BYTES * 3), () => false);
    expect(source.acted).toHaveLength(1);
  });

  test('Base64 of all bytes is right', () => {
    const bytes = Uint8Array.from({length: 70_000}, (_, i) => i % 256);
    expect(Uint8Array.from(atob(base64(bytes)), (c) => c.charCodeAt(0))).toEqual(bytes);
  });
});

test('only columns of whole numbers are offered for the number, all when there is none', () => {
  const column = (name: string, whole: boolean): ImportColumn => ({name, whole, sample: []});
  const names = numberColumns([column('a', false), column('b', true), column('c', false), column('d', true)]);
  expect(names.map(({name}) => name)).toEqual(['b', 'd']);
  expect(numberColumns([column('a', false)]).map(({name}) => name)).toEqual(['a']);
});

test('the rows show title and count of the live data, and the buttons queue changes with the step of the settings', async () => {
  const view = document.createElement('tutorial-rows');
  view.source = source;
  document.body.append(view);
  source.rows(ROWS, [SAND, BAY]);
  source.rows(SETTINGS, [{id: 'settings', title: 'Airports', step: 5}]);
  await view.updateComplete;
  const text = (id: string): string | undefined => view.shadowRoot?.querySelector(`[data-testid="${id}"]`)?.textContent;
  expect(text('tutorial-title')).toBe('Airports');
  expect(text('tutorial-count')).toBe('2 rows');
  const table = view.shadowRoot?.querySelector('peek-table');
  await table?.updateComplete;
  for (const id of ['toggle-7', 'minus-9', 'plus-9']) {
    table?.shadowRoot?.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.click();
  }
  expect(source.enqueued).toEqual([
    {action: {type: 'tutorial.ToggleCapitals', fields: {id: 7}}, label: 'Toggle capitals: Sand Point'},
    {action: {type: 'tutorial.AddToInt', fields: {id: 9, amount: -5}}, label: 'Take 5 away: Cold Bay'},
    {action: {type: 'tutorial.AddToInt', fields: {id: 9, amount: 5}}, label: 'Add 5: Cold Bay'},
  ]);
});

test('the rows show what agents report, and a reading that is refused is told', async () => {
  const view = document.createElement('tutorial-rows');
  view.source = source;
  document.body.append(view);
  source.rows(ROWS, []);
  source.rows('["tutorial.Reading"]', []);
  await view.updateComplete;
  const find = (id: string): HTMLElement | null =>
    view.shadowRoot?.querySelector<HTMLElement>(`[data-testid="${id}"]`) ?? null;
  expect(find('tutorial-readings')?.textContent).toBe('No agent has reported.');

  source.rows('["tutorial.Reading"]', [
    {machine: 'depot', freeMegabytes: 37120, takenAt: '2026-11-25T12:00:00Z'},
    {machine: 'yard', freeMegabytes: 9, takenAt: '2026-11-25T12:00:00Z'},
  ]);
  await view.updateComplete;
  expect(find('tutorial-readings')?.textContent).toMatch(/^depot: 37,120 MB free at .+ · yard: 9 MB free at /);

  let end: (outcome: ActionOutcome) => void = () => undefined;
  source.outcome = () =>
    new Promise((resolve) => {
      end = resolve;
    });
  const told: string[] = [];
  view.addEventListener('peek-toast', (event) => {
    told.push((event as CustomEvent<{text: string}>).detail.text);
  });
  find('add-reading')?.click();
  await view.updateComplete;
  expect(source.acted).toEqual([{type: 'tutorial.AddReading', fields: {}}]);
  expect(find('add-reading')?.textContent.trim()).toBe('Asking the agent…');
  end({kind: 'rejected', code: 'TUTORIAL_NO_AGENT', message: 'No agent is there.'});
  await vi.waitFor(() => {
    expect(told).toEqual(['No agent is there.']);
  });
  await view.updateComplete;
  expect(find('add-reading')?.textContent.trim()).toBe('Add reading');
});

test('an import goes from the file chosen to the sentence of its result', async () => {
  const view = document.createElement('tutorial-import');
  view.source = source;
  document.body.append(view);
  await view.updateComplete;
  const find = (id: string): HTMLElement | null =>
    view.shadowRoot?.querySelector<HTMLElement>(`[data-testid="${id}"]`) ?? null;
  const input = find('import-file') as HTMLInputElement;
  Object.defineProperty(input, 'files', {value: [new File(['a,b\nx,1\n'], 'a.csv')]});
  input.dispatchEvent(new Event('change'));
  await vi.waitFor(() => {
    expect(source.acted.map(({type}) => type)).toEqual(['tutorial.StartImport', 'tutorial.AppendImport']);
  });
  const importId = source.acted[0]?.fields['importId'] as string;
  expect(importId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const selector = `["tutorial.ImportProgress","importId","${importId}"]`;
  const columns = [
    {name: 'a', sample: ['x'], whole: false},
    {name: 'b', sample: ['1'], whole: true},
  ];
  const progress = {importId, fileName: 'a.csv', receivedBytes: 8, totalBytes: 8, columns, rowsDone: 0, rowsTotal: 1};
  source.rows(selector, [{...progress, state: 'ready'}]);
  await view.updateComplete;
  find('import-run')?.click();
  await vi.waitFor(() => {
    expect(source.acted.at(-1)).toEqual({
      type: 'tutorial.RunImport',
      fields: {importId, stringColumn: 'a', intColumn: 'b', replace: false},
    });
  });
  source.rows(selector, [{...progress, state: 'running', problem: 'No worker has begun yet.'}]);
  await view.updateComplete;
  expect(find('import-hindrance')?.textContent).toBe('No worker has begun yet.');
  source.rows(selector, [{...progress, state: 'done', rowsDone: 1}]);
  await view.updateComplete;
  expect(find('import-done')?.textContent.replace(/\s+/g, ' ').trim()).toBe('1 row was imported from a.csv.');
});
