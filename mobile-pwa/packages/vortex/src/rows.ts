import {FrameError, isObject} from './frames.js';

/**
 * The rows of one selector at one moment. Rows that did not change are the same objects from one
 * moment to the next, so that elements can tell by identity.
 */
export interface RowSet {
  /** One key for each row, or null for a type without a key. */
  readonly keys: readonly string[] | null;
  readonly rows: readonly unknown[];
}

/** How one row set differs from the one before. */
export interface RowChange {
  readonly added: readonly unknown[];
  readonly changed: readonly unknown[];
  readonly removed: readonly unknown[];
}

export interface Delta {
  readonly remove: readonly string[];
  readonly put: readonly (readonly [index: number, key: string, row: unknown])[];
}

export const NO_ROWS: RowSet = {keys: null, rows: []};
export const NO_CHANGE: RowChange = {added: [], changed: [], removed: []};

/** A delta that does not fit the rows it was meant for. */
export class DeltaMismatch extends Error {
  override name = 'DeltaMismatch';
}

/** Replaces `before` by the rows of a snapshot, keeping the objects of rows that are equal. */
export function applySnapshot(before: RowSet, next: RowSet): {after: RowSet; change: RowChange} {
  if (before.keys === null || next.keys === null) {
    return {after: next, change: {added: next.rows, changed: [], removed: before.rows}};
  }
  const old = byKey(before.keys, before.rows);
  const rows: unknown[] = [];
  const added: unknown[] = [];
  const changed: unknown[] = [];
  next.keys.forEach((key, i) => {
    const row = next.rows[i];
    const held = old.get(key);
    if (held === undefined) {
      rows.push(row);
      added.push(row);
    } else if (sameJson(held, row)) {
      rows.push(held);
    } else {
      rows.push(row);
      changed.push(row);
    }
    old.delete(key);
  });
  return {after: {keys: next.keys, rows}, change: {added, changed, removed: [...old.values()]}};
}

/**
 * Applies a delta: first the removals, then every put in its order, in place when the key is present
 * and at its index when not.
 */
export function applyDelta(before: RowSet, delta: Delta): {after: RowSet; change: RowChange} {
  if (before.keys === null) {
    throw new DeltaMismatch('A delta came for rows without keys.');
  }
  const old = byKey(before.keys, before.rows);
  const now = new Map(old);
  for (const key of delta.remove) {
    now.delete(key);
  }
  const keys = delta.remove.length === 0 ? [...before.keys] : before.keys.filter((key) => now.has(key));
  for (const [index, key, row] of delta.put) {
    if (!now.has(key)) {
      if (index < 0 || index > keys.length) {
        throw new DeltaMismatch(`A delta puts a row at ${String(index)} of ${String(keys.length)}.`);
      }
      keys.splice(index, 0, key);
    }
    now.set(key, row);
  }
  const touched = new Set([...delta.remove, ...delta.put.map(([, key]) => key)]);
  const added: unknown[] = [];
  const changed: unknown[] = [];
  const removed: unknown[] = [];
  for (const key of touched) {
    const was = old.get(key);
    const is = now.get(key);
    if (was === undefined) {
      if (is !== undefined) {
        added.push(is);
      }
    } else if (is === undefined) {
      removed.push(was);
    } else if (sameJson(was, is)) {
      now.set(key, was);
    } else {
      changed.push(is);
    }
  }
  return {after: {keys, rows: keys.map((key) => now.get(key))}, change: {added, changed, removed}};
}

/** Reads the payload of a snapshot. */
export function readSnapshot(value: unknown): RowSet {
  if (!isObject(value) || !Array.isArray(value['rows'])) {
    throw new FrameError("The payload of a snapshot has no array 'rows'.");
  }
  const rows = value['rows'] as unknown[];
  const keys = value['keys'];
  if (keys === undefined || keys === null) {
    return {keys: null, rows};
  }
  if (!isTexts(keys) || keys.length !== rows.length || new Set(keys).size !== keys.length) {
    throw new FrameError("The payload of a snapshot must have one key for each row in 'keys', each a different text.");
  }
  return {keys, rows};
}

/** Reads the payload of a delta. */
export function readDelta(value: unknown): Delta {
  if (!isObject(value) || !isTexts(value['remove']) || !Array.isArray(value['put'])) {
    throw new FrameError("The payload of a delta has no arrays 'remove' and 'put'.");
  }
  const put = (value['put'] as unknown[]).map((entry): readonly [number, string, unknown] => {
    if (Array.isArray(entry)) {
      const [index, key, row] = entry as unknown[];
      if (typeof index === 'number' && Number.isInteger(index) && typeof key === 'string' && row !== undefined) {
        return [index, key, row];
      }
    }
    throw new FrameError("An entry of 'put' in a delta is not [index, key, row].");
  });
  return {remove: value['remove'], put};
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function byKey(keys: readonly string[], rows: readonly unknown[]): Map<string, unknown> {
  const map = new Map<string, unknown>();
  keys.forEach((key, i) => map.set(key, rows[i]));
  return map;
}

function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, i) => sameJson(each, b[i]));
  }
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
    );
  }
  return false;
}
