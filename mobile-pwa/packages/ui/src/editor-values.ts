import type {TableFilter, TableOperator} from '@peek/vortex';

/** A field of the rows that a table editor shows. */
export interface EditorField {
  /** Of the component of the row. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly type: 'text' | 'whole' | 'number' | 'boolean' | 'choice';
  /** The values of a `choice`. */
  readonly choices?: readonly string[];
  /** False for a field that is only shown. */
  readonly editable?: boolean;
  /** Whether the field may have no value. */
  readonly optional?: boolean;
}

/** A value, or what is wrong with what was typed. */
export type Parsed = {readonly value: unknown} | {readonly problem: string};

/** What a cell and an input show. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Reads what was entered in a form. */
export function parseField(field: EditorField, typed: string): Parsed {
  switch (field.type) {
    case 'boolean':
      return {value: typed === 'true'};
    case 'text':
      return {value: typed === '' && field.optional === true ? null : typed};
    case 'whole':
    case 'number':
    case 'choice': {
      const text = typed.trim().replace('\u2212', '-');
      if (text === '') {
        return field.optional === true ? {value: null} : {problem: 'A value is needed here.'};
      }
      return parseWord(field, field.type, text);
    }
  }
}

function parseWord(field: EditorField, type: 'whole' | 'number' | 'choice', text: string): Parsed {
  switch (type) {
    case 'whole': {
      const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
      return Number.isSafeInteger(value)
        ? {value}
        : {problem: 'Enter a whole number, such as 12 or -3, that is not too large.'};
    }
    case 'number': {
      const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
      return Number.isFinite(value) ? {value} : {problem: 'Enter a number, such as 12 or -3.5.'};
    }
    case 'choice':
      return field.choices?.includes(text) === true ? {value: text} : {problem: `“${text}” is not one of the choices.`};
  }
}

/**
 * Reads what was typed as a filter: for a text what it contains, else a value or a range such as `>5`, `<=5` or `1..9`.
 * Null shows all.
 */
export function parseFilter(
  field: EditorField,
  typed: string,
): {readonly filter: TableFilter | null} | {readonly problem: string} {
  const text = typed.trim();
  if (text === '') {
    return {filter: null};
  }
  if (field.type === 'text') {
    return {filter: {field: field.name, operator: 'CONTAINS', values: [text]}};
  }
  const {operator, words} = comparison(text);
  const values: string[] = [];
  for (const word of words) {
    const parsed = parseField({...field, optional: false}, word);
    if ('problem' in parsed) {
      return parsed;
    }
    values.push(String(parsed.value));
  }
  return {filter: {field: field.name, operator, values}};
}

function comparison(text: string): {readonly operator: TableOperator; readonly words: readonly string[]} {
  const range = text.indexOf('..');
  if (range > 0) {
    return {operator: 'BETWEEN', words: [text.slice(0, range), text.slice(range + 2)]};
  }
  if (text.startsWith('>=')) {
    return {operator: 'AT_LEAST', words: [text.slice(2)]};
  }
  if (text.startsWith('<=')) {
    return {operator: 'AT_MOST', words: [text.slice(2)]};
  }
  if (text.startsWith('>')) {
    return {operator: 'GREATER', words: [text.slice(1)]};
  }
  if (text.startsWith('<')) {
    return {operator: 'LESS', words: [text.slice(1)]};
  }
  return {operator: 'EQUAL', words: [text]};
}
