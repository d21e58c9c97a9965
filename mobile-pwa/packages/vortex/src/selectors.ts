/** Names an observable: a tuple type and a few named values. */
export interface TupleSelector {
  readonly type: string;
  readonly key?: Readonly<Record<string, string>>;
}

const MAX_SELECTOR_CHARACTERS = 4096;

/**
 * The text that identifies a selector everywhere: a JSON array of the type and the name and value
 * pairs sorted by name, without blanks.
 *
 * @throws RangeError when the text is longer than the exchange allows
 */
export function selectorText(selector: TupleSelector): string {
  const key = selector.key ?? {};
  // The default order of sort() is by UTF-16 code units, which is the order of the wire format.
  const names = Object.keys(key).sort();
  const parts = [selector.type];
  for (const name of names) {
    parts.push(name, key[name] ?? '');
  }
  const text = JSON.stringify(parts);
  if (text.length > MAX_SELECTOR_CHARACTERS) {
    throw new RangeError(
      `The selector of ${selector.type} has ${String(text.length)} characters; at most ${String(MAX_SELECTOR_CHARACTERS)} are allowed.`,
    );
  }
  return text;
}
