import type {StringInt} from './tuples.js';

/** The rows whose text or number contains what was typed, in any case. */
export function matching(rows: readonly StringInt[], typed: string): readonly StringInt[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') {
    return rows;
  }
  return rows.filter((row) => row.string1.toLowerCase().includes(wanted) || String(row.int1).includes(wanted));
}

/** How many rows there are, or are left of all. */
export function countText(shown: number, all: number): string {
  const word = all === 1 ? 'row' : 'rows';
  return shown === all
    ? `${all.toLocaleString()} ${word}`
    : `${shown.toLocaleString()} of ${all.toLocaleString()} ${word}`;
}

/** Reads a whole number as people type it, or null. */
export function wholeNumber(typed: string): number | null {
  const text = typed.trim().replace('\u2212', '-');
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}
