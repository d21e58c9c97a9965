import {FrameError, isObject} from './frames.js';
import type {TupleSource} from './source.js';

// Pages of a table and edits of its rows, as the actions `NAME.read`, `NAME.create`, `NAME.update` and `NAME.delete`
// of the tuple type of its rows. The Java side has the same types in `org.peekplatform.api.table`.

/** How a field is compared with the values of a filter. */
export type TableOperator =
  | 'EQUAL'
  | 'NOT_EQUAL'
  | 'CONTAINS'
  | 'STARTS_WITH'
  | 'LESS'
  | 'AT_MOST'
  | 'GREATER'
  | 'AT_LEAST'
  | 'BETWEEN'
  | 'IN'
  | 'IS_NULL';

/** What a field must be like; values are texts, such as `12`, `true` or `2031-12-24`. */
export interface TableFilter {
  readonly field: string;
  readonly operator: TableOperator;
  readonly values: readonly string[];
}

export interface TableSort {
  readonly field: string;
  readonly direction: 'ASCENDING' | 'DESCENDING';
}

/** Asks for one page. Rows that are equal in `sort` come in the order of their key. */
export interface TableQuery<T> {
  readonly filters?: readonly TableFilter[];
  readonly sort?: readonly TableSort[];
  /** From 1 to 1,000. */
  readonly limit: number;
  readonly offset?: number;
  /** The last row of the page before, instead of an offset: rows that come and go do not shift the page. */
  readonly after?: T | null;
  /** Whether to count all rows that the filters let through. */
  readonly count?: boolean;
}

export type TableEditKind = 'CREATE' | 'UPDATE' | 'DELETE';

export interface TablePage<T> {
  readonly rows: readonly T[];
  /** Whether there are rows behind these. */
  readonly more: boolean;
  /** How many rows the filters let through, if the query asked to count. */
  readonly total: number | null;
  /** What the user may do; each edit is checked again. */
  readonly allowed: readonly TableEditKind[];
}

/** What became of an edit; all but `saved` have changed nothing. */
export type TableAnswer<T> =
  | {readonly kind: 'saved'; readonly row: T}
  /** `fields` has a sentence for each field that is wrong, `general` sentences about the row. */
  | {readonly kind: 'invalid'; readonly fields: Readonly<Record<string, string>>; readonly general: readonly string[]}
  /** Somebody else has changed the row; `fields` are those in which it differs from what was read. */
  | {readonly kind: 'changed'; readonly current: T; readonly fields: readonly string[]}
  /** The row has been deleted. */
  | {readonly kind: 'gone'};

/**
 * Reads and edits the rows of one table. Every method rejects with a {@link TableError} when the service refuses, and
 * with an `ActionError` when no answer is known.
 */
export interface TableClient<T> {
  read(query: TableQuery<T>): Promise<TablePage<T>>;
  /** Adds a row; fields that nobody may write are left out. */
  create(row: Partial<T>): Promise<TableAnswer<T>>;
  /** Replaces a row, if it is still as it was read. */
  update(before: T, after: T): Promise<TableAnswer<T>>;
  /** Deletes a row, if it is still as it was read. */
  remove(row: T): Promise<TableAnswer<T>>;
}

/** The service has refused; the message is a sentence. */
export class TableError extends Error {
  override name = 'TableError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The table whose rows are of this tuple type. */
export function tableClient<T extends object>(source: TupleSource, type: string): TableClient<T> {
  const ask = async (verb: string, fields: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const outcome = await source.act({type: `${type}.${verb}`, fields});
    if (outcome.kind !== 'applied') {
      throw new TableError(outcome.code, outcome.message);
    }
    return outcome.values[0];
  };
  return {
    read: async (query) => readPage<T>(await ask('read', queryFields(query))),
    create: async (row) => readAnswer<T>(await ask('create', {after: row})),
    update: async (before, after) => readAnswer<T>(await ask('update', {before, after})),
    remove: async (row) => readAnswer<T>(await ask('delete', {before: row})),
  };
}

/** A query as it travels. */
export function queryFields<T>(query: TableQuery<T>): Readonly<Record<string, unknown>> {
  return {
    filters: query.filters ?? [],
    sort: query.sort ?? [],
    limit: query.limit,
    offset: query.offset ?? 0,
    after: query.after ?? null,
    count: query.count ?? false,
  };
}

/** Reads a page as it travels. */
export function readPage<T>(value: unknown): TablePage<T> {
  if (!isObject(value) || !Array.isArray(value['rows']) || !Array.isArray(value['allowed'])) {
    throw new FrameError("A page of a table has no arrays 'rows' and 'allowed'.");
  }
  const total = value['total'];
  return {
    rows: value['rows'] as T[],
    more: value['more'] === true,
    total: typeof total === 'number' ? total : null,
    allowed: (value['allowed'] as unknown[]).filter(isKind),
  };
}

/** Reads the answer to an edit as it travels. */
export function readAnswer<T>(value: unknown): TableAnswer<T> {
  const answer = isObject(value) ? value : {};
  switch (answer['result']) {
    case 'SAVED':
      return {kind: 'saved', row: answer['row'] as T};
    case 'INVALID': {
      const fields = isObject(answer['fields']) ? answer['fields'] : {};
      return {
        kind: 'invalid',
        fields: Object.fromEntries(Object.entries(fields).map(([name, sentence]) => [name, String(sentence)])),
        general: texts(answer['general']),
      };
    }
    case 'CHANGED':
      return {kind: 'changed', current: answer['row'] as T, fields: texts(answer['changed'])};
    case 'GONE':
      return {kind: 'gone'};
    default:
      throw new FrameError("The answer to an edit has no known 'result'.");
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function isKind(value: unknown): value is TableEditKind {
  return value === 'CREATE' || value === 'UPDATE' || value === 'DELETE';
}
