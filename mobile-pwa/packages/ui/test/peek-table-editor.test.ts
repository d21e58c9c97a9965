import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import type {TableAnswer, TableClient, TableEditKind, TablePage, TableQuery} from '../../vortex/src/index.js';
import {parseField, parseFilter} from '../src/editor-values.js';
import '../src/peek-table-editor.js';
import type {EditorField, PeekTableEditor} from '../src/peek-table-editor.js';

type Row = Readonly<Record<string, unknown>>;

const ALL: readonly TableEditKind[] = ['CREATE', 'UPDATE', 'DELETE'];
const FIELDS: readonly EditorField[] = [
  {name: 'text', title: 'Text', type: 'text'},
  {name: 'count', title: 'Count', type: 'whole'},
  {name: 'open', title: 'Open', type: 'boolean'},
  {name: 'by', title: 'By', type: 'text', editable: false},
];
const SAND = {id: 7, text: 'Sand Point', count: 12, open: true, by: 'ada'};
const BAY = {id: 9, text: 'Cold Bay', count: -3, open: false, by: 'bob'};

/** A table in memory that records what it is asked; how edits end is changed by tests. */
class MemoryTable implements TableClient<Row> {
  rows: readonly Row[] = [SAND, BAY];
  allowed = ALL;
  total: number | null = null;
  readonly queries: TableQuery<Row>[] = [];
  readonly edits: unknown[][] = [];
  answer: () => Promise<TableAnswer<Row>> = () => Promise.resolve({kind: 'saved', row: SAND});
  page: (query: TableQuery<Row>) => Promise<TablePage<Row>> = (query) => {
    const total = this.total ?? this.rows.length;
    return Promise.resolve({
      rows: this.rows,
      more: (query.offset ?? 0) + this.rows.length < total,
      total,
      allowed: this.allowed,
    });
  };

  read(query: TableQuery<Row>): Promise<TablePage<Row>> {
    this.queries.push(query);
    return this.page(query);
  }

  create(row: Partial<Row>): Promise<TableAnswer<Row>> {
    this.edits.push(['create', row]);
    return this.answer();
  }

  update(before: Row, after: Row): Promise<TableAnswer<Row>> {
    this.edits.push(['update', before, after]);
    return this.answer();
  }

  remove(row: Row): Promise<TableAnswer<Row>> {
    this.edits.push(['remove', row]);
    return this.answer();
  }
}

let table: MemoryTable;
let editor: PeekTableEditor;

beforeEach(async () => {
  table = new MemoryTable();
  editor = document.createElement('peek-table-editor');
  editor.table = table;
  editor.fields = FIELDS;
  document.body.append(editor);
  await settled();
});

afterEach(() => {
  document.body.replaceChildren();
});

async function settled(): Promise<void> {
  // Answers come in microtasks, each of which may lead to another drawing.
  for (let i = 0; i < 10; i++) {
    await Promise.resolve();
    await editor.updateComplete;
  }
}

function find(id: string): (HTMLElement & {value: string; error: string; disabled: boolean}) | null {
  return editor.shadowRoot?.querySelector(`[data-testid="${id}"]`) ?? null;
}

async function click(id: string): Promise<void> {
  const button = find(id);
  expect(button, id).not.toBeNull();
  button?.click();
  await settled();
}

async function type(id: string, text: string): Promise<void> {
  const field = find(id);
  expect(field, id).not.toBeNull();
  if (field !== null) {
    field.value = text;
    field.dispatchEvent(new Event('peek-input', {bubbles: true, composed: true}));
  }
  await settled();
}

function text(id: string): string | undefined {
  return find(id)?.textContent.replace(/\s+/g, ' ').trim();
}

test('a page is shown with what the user may do', async () => {
  expect(table.queries).toEqual([{filters: [], sort: [], limit: 100, offset: 0, count: true}]);
  expect(text('editor-count')).toBe('2 rows');
  const cells = [...(editor.shadowRoot?.querySelectorAll('tr[data-row="7"] td') ?? [])].map((cell) =>
    cell.textContent.replace(/\s+/g, ' ').trim(),
  );
  expect(cells.slice(0, 4)).toEqual(['TextSand Point', 'Count12', 'OpenYes', 'Byada']);
  expect(find('edit-7')).not.toBeNull();

  table.allowed = ['UPDATE'];
  editor.reload();
  await settled();
  expect(find('editor-add')).toBeNull();
  expect(find('delete-7')).toBeNull();
  expect(find('edit-7')).not.toBeNull();
});

test('a new row is sent as values and the dialog closes', async () => {
  await click('editor-add');
  await type('editor-field-text', 'Bethel');
  await type('editor-field-count', ' +5 ');
  await click('editor-save');
  expect(table.edits).toEqual([['create', {text: 'Bethel', count: 5, open: false}]]);
  expect(find('editor-form')).toBeNull();
  expect(table.queries).toHaveLength(2);
});

test('what is wrong is said at its field, and what was entered stays', async () => {
  await click('edit-7');
  expect(find('editor-field-text')?.value).toBe('Sand Point');
  expect(find('editor-field-by')).toBeNull();
  await type('editor-field-count', '1.5');
  await click('editor-save');
  expect(find('editor-field-count')?.error).toMatch(/^Enter a whole number/);
  expect(table.edits).toEqual([]);

  table.answer = () =>
    Promise.resolve({kind: 'invalid', fields: {text: 'Not this one.', by: 'Not you.'}, general: ['Nor that.']});
  await type('editor-field-count', '5');
  await click('editor-save');
  expect(table.edits).toEqual([['update', SAND, {...SAND, count: 5}]]);
  expect(find('editor-field-text')?.error).toBe('Not this one.');
  expect(find('editor-field-count')?.error).toBe('');
  expect((find('editor-general') as unknown as {error: {message: string}}).error.message).toBe(
    'Nor that. by: Not you.',
  );
  expect(find('editor-field-count')?.value).toBe('5');
});

describe('when somebody else has saved the row meanwhile', () => {
  const theirs = {...SAND, count: 99};

  beforeEach(async () => {
    await click('edit-7');
    await type('editor-field-text', 'Mine');
    table.answer = () => Promise.resolve({kind: 'changed', current: theirs, fields: ['count']});
    await click('editor-save');
    table.answer = () => Promise.resolve({kind: 'saved', row: SAND});
  });

  test('both versions are shown', () => {
    expect(text('editor-mine-text')).toBe('Mine');
    expect(text('editor-theirs-text')).toBe('Sand Point');
    expect(text('editor-theirs-count')).toBe('99');
    expect(find('editor-theirs-count')?.className).toBe('differs');
    expect(find('editor-theirs-open')?.className).toBe('');
  });

  test('keeping the own one saves it over theirs', async () => {
    await click('editor-keep-mine');
    expect(table.edits.at(-1)).toEqual(['update', theirs, {...theirs, text: 'Mine', count: 12}]);
    expect(find('editor-conflict')).toBeNull();
  });

  test('taking theirs saves nothing and goes on from there', async () => {
    await click('editor-take-theirs');
    expect(table.edits).toHaveLength(1);
    expect(find('editor-field-text')?.value).toBe('Sand Point');
    expect(find('editor-field-count')?.value).toBe('99');
  });
});

test('a row that has been deleted meanwhile can be added again', async () => {
  await click('edit-7');
  await type('editor-field-text', 'Kept');
  table.answer = () => Promise.resolve({kind: 'gone'});
  await click('editor-save');
  expect(text('editor-note')).toMatch(/deleted meanwhile; saving adds it/);
  await click('editor-save');
  expect(table.edits.at(-1)).toEqual(['create', {text: 'Kept', count: 12, open: true}]);
});

test('the form follows its row while nothing is entered, and says so otherwise', async () => {
  await click('edit-7');
  table.rows = [{...SAND, count: 13}, BAY];
  editor.revision = 1;
  await settled();
  expect(find('editor-field-count')?.value).toBe('13');
  await type('editor-field-text', 'Mine');
  table.rows = [{...SAND, count: 14}, BAY];
  editor.revision = 2;
  await settled();
  expect(find('editor-field-count')?.value).toBe('13');
  expect(find('editor-field-text')?.value).toBe('Mine');
  expect(text('editor-note')).toMatch(/^Somebody has changed this row/);
});

test('deleting asks first', async () => {
  await click('delete-9');
  document.querySelector<HTMLElement>('[data-testid="confirm-no"]')?.click();
  await settled();
  expect(table.edits).toEqual([]);
  await click('delete-9');
  document.querySelector<HTMLElement>('[data-testid="confirm-yes"]')?.click();
  await settled();
  expect(table.edits).toEqual([['remove', BAY]]);
});

test('filters, order and pages are asked of the table', async () => {
  await type('editor-filter', ' bay ');
  expect(table.queries.at(-1)?.filters).toEqual([{field: 'text', operator: 'CONTAINS', values: ['bay']}]);
  await type('editor-filter-field', 'count');
  expect(find('editor-filter')?.error).toMatch(/^Enter a whole number/);
  await type('editor-filter', '>=-3');
  expect(table.queries.at(-1)?.filters).toEqual([{field: 'count', operator: 'AT_LEAST', values: ['-3']}]);
  await type('editor-filter', '');

  await click('editor-sort-count');
  expect(table.queries.at(-1)?.sort).toEqual([{field: 'count', direction: 'ASCENDING'}]);
  await click('editor-sort-count');
  expect(table.queries.at(-1)?.sort).toEqual([{field: 'count', direction: 'DESCENDING'}]);
  await click('editor-sort-count');
  expect(table.queries.at(-1)?.sort).toEqual([]);

  table.total = 250;
  editor.reload();
  await settled();
  await click('editor-next');
  expect(table.queries.at(-1)?.offset).toBe(100);
  expect(text('editor-count')).toBe('101–102 of 250 rows');
  table.rows = [];
  editor.reload();
  await settled();
  expect(table.queries.at(-1)?.offset).toBe(0);
});

test('of several answers only the one to the last question is shown', async () => {
  const answers: ((page: TablePage<Row>) => void)[] = [];
  table.page = () =>
    new Promise((resolve) => {
      answers.push(resolve);
    });
  editor.reload();
  await settled();
  await type('editor-filter', 'b');
  await type('editor-filter', 'ba');
  answers[0]?.({rows: [SAND], more: false, total: 1, allowed: ALL});
  await settled();
  expect(answers).toHaveLength(2);
  expect(text('editor-count')).toBe('2 rows');
  answers[1]?.({rows: [BAY], more: false, total: 1, allowed: ALL});
  await settled();
  expect(text('editor-count')).toBe('1 row');
  expect(table.queries.at(-1)?.filters).toEqual([{field: 'text', operator: 'CONTAINS', values: ['ba']}]);
});

test('rows that cannot be read leave those shown, and say why', async () => {
  table.page = () => Promise.reject(new Error('You may not.'));
  editor.reload();
  await vi.waitFor(() => {
    expect(find('editor-problem')).not.toBeNull();
  });
  expect(text('editor-count')).toBe('2 rows');
});

test('an empty table says what to do', async () => {
  table.rows = [];
  editor.reload();
  await settled();
  expect(text('editor-empty')).toBe('Add the first one.');
});

describe('values', () => {
  const whole: EditorField = {name: 'n', title: 'N', type: 'whole'};

  test.each([
    [' -3 ', {value: -3}],
    ['\u22125', {value: -5}],
    ['99999999999999999', {problem: 'Enter a whole number, such as 12 or -3, that is not too large.'}],
    ['', {problem: 'A value is needed here.'}],
  ])('"%s" as a whole number', (typed, parsed) => {
    expect(parseField(whole, typed)).toEqual(parsed);
  });

  test('others', () => {
    expect(parseField({...whole, optional: true}, ' ')).toEqual({value: null});
    expect(parseField({...whole, type: 'number'}, '1e3')).toEqual({value: 1000});
    expect(parseField({...whole, type: 'number'}, 'Infinity')).toHaveProperty('problem');
    expect(parseField({...whole, type: 'choice', choices: ['A']}, 'B')).toHaveProperty('problem');
    expect(parseField({...whole, type: 'text', optional: true}, '')).toEqual({value: null});
  });

  test.each([
    ['1..9', 'BETWEEN', ['1', '9']],
    ['<=5', 'AT_MOST', ['5']],
    ['<5', 'LESS', ['5']],
    ['>5', 'GREATER', ['5']],
    ['5', 'EQUAL', ['5']],
  ])('the filter "%s"', (typed, operator, values) => {
    expect(parseFilter(whole, typed)).toEqual({filter: {field: 'n', operator, values}});
  });
});
