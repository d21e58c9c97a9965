// @vitest-environment node
import {describe, expect, test} from 'vitest';
import {queryFields, readAnswer, readPage, tableClient, TableError} from '../src/tables.js';
import type {TableQuery} from '../src/tables.js';
import {FakeSource} from './fake-source.js';
import {fixtures} from './fixtures.js';

interface Row {
  readonly id: number;
  readonly string1: string;
  readonly int1: number;
}

type Named = Readonly<Record<string, unknown>> & {readonly name: string};

function list(file: string): readonly Named[] {
  return fixtures(file).flatMap(({content}) => content as Named[]);
}

const SAND: Row = {id: 7, string1: 'Sand Point', int1: 12};

describe('the fixtures shared with Java', () => {
  test.each(list('table-queries'))('$name is written as Java reads it', ({query}) => {
    expect(queryFields(query as TableQuery<Row>)).toEqual(query);
  });

  test('what a query leaves out is filled in', () => {
    expect(queryFields({limit: 100})).toEqual(list('table-queries')[0]?.['query']);
  });

  test.each(list('table-pages'))('$name is read as Java writes it', ({page}) => {
    expect(readPage<Row>(page)).toEqual(page);
  });

  test('answers are read as Java writes them', () => {
    expect(list('table-answers').map(({answer}) => readAnswer<Row>(answer))).toEqual([
      {kind: 'saved', row: SAND},
      {
        kind: 'invalid',
        fields: {string1: 'Enter a text.', int1: 'This is too large.'},
        general: ['The two do not fit together.'],
      },
      {kind: 'changed', current: {...SAND, int1: 13}, fields: ['int1']},
      {kind: 'gone'},
    ]);
  });

  test('edits are sent as Java reads them', async () => {
    const source = new FakeSource();
    source.outcome = () => Promise.resolve({kind: 'applied', values: [{result: 'GONE'}]});
    const table = tableClient<Row>(source, 'tutorial.StringInt');
    await table.create({id: 0, string1: 'Sand Point', int1: 12});
    await table.update(SAND, {...SAND, int1: 13});
    await table.remove(SAND);
    // A row that is missing may be null or left out.
    const whole = source.acted.map(({type, fields}) => ({action: type, edit: {before: null, after: null, ...fields}}));
    expect(whole).toEqual(list('table-edits').map(({action, edit}) => ({action, edit})));
  });
});

test('a refusal is an error with its code and sentence', async () => {
  const source = new FakeSource();
  source.outcome = () => Promise.resolve({kind: 'failed', code: 'NOT_ALLOWED', message: 'You may not.'});
  const reading = tableClient<Row>(source, 'tutorial.StringInt').read({limit: 1});
  await expect(reading).rejects.toThrow(new TableError('NOT_ALLOWED', 'You may not.'));
  await expect(reading).rejects.toMatchObject({code: 'NOT_ALLOWED'});
});

test('an answer that is none is an error', () => {
  expect(() => readAnswer({result: 'PERHAPS'})).toThrow('no known');
  expect(() => readPage({rows: []})).toThrow('no arrays');
});
