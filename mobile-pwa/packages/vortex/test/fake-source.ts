import {selectorText} from '../src/selectors.js';
import type {TupleSelector} from '../src/selectors.js';
import type {ActionOutcome, LinkState, TupleAction, TupleListener, TupleSource} from '../src/source.js';

/** A source whose other end is the test. */
export class FakeSource implements TupleSource {
  link: LinkState = {
    kind: 'online',
    welcome: {service: 'client', name: 'client', version: '0.1.0', caller: 'device:d-1'},
  };
  readonly acted: TupleAction[] = [];
  /** How actions end; changed by tests. */
  outcome: (action: TupleAction) => Promise<ActionOutcome> = () => Promise.resolve({kind: 'applied', values: []});
  readonly #listeners = new Map<string, Set<TupleListener<unknown>>>();
  readonly #rows = new Map<string, readonly unknown[]>();
  readonly #linkListeners = new Set<(state: LinkState) => void>();

  /** The selectors that are observed now. */
  get observed(): string[] {
    return [...this.#listeners].filter(([, listeners]) => listeners.size > 0).map(([text]) => text);
  }

  observe<T>(selector: TupleSelector, listener: TupleListener<T>): () => void {
    const text = selectorText(selector);
    const own: TupleListener<unknown> = (update) => {
      (listener as TupleListener<unknown>)(update);
    };
    const listeners = this.#listeners.get(text) ?? new Set();
    this.#listeners.set(text, listeners.add(own));
    const rows = this.#rows.get(text);
    if (rows !== undefined) {
      own({kind: 'rows', rows, added: rows, changed: [], removed: []});
    }
    return () => {
      listeners.delete(own);
    };
  }

  act(action: TupleAction): Promise<ActionOutcome> {
    this.acted.push(action);
    return this.outcome(action);
  }

  onLink(listener: (state: LinkState) => void): () => void {
    this.#linkListeners.add(listener);
    return () => {
      this.#linkListeners.delete(listener);
    };
  }

  rows(selector: string, rows: readonly unknown[]): void {
    this.#rows.set(selector, rows);
    for (const listener of this.#listeners.get(selector) ?? []) {
      listener({kind: 'rows', rows, added: rows, changed: [], removed: []});
    }
  }

  problem(selector: string, message: string): void {
    for (const listener of this.#listeners.get(selector) ?? []) {
      listener({kind: 'problem', problem: {code: 'INTERNAL', message}});
    }
  }

  linkIs(state: LinkState): void {
    this.link = state;
    for (const listener of this.#linkListeners) {
      listener(state);
    }
  }
}
