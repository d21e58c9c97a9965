import {selectorText} from '../src/selectors.js';
import type {TupleSelector} from '../src/selectors.js';
import {AskError} from '../src/source.js';
import type {
  ActionOutcome,
  Enqueued,
  LinkState,
  PerformHandler,
  QueuedAction,
  QueuedActions,
  TupleAction,
  TupleListener,
  TupleSource,
} from '../src/source.js';

/** A queue that the test fills. */
export class FakeQueue implements QueuedActions {
  entries: readonly QueuedAction[] = [];
  readonly sentAgain: string[] = [];
  readonly discarded: string[] = [];
  readonly #listeners = new Set<() => void>();

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  sendAgain(id: string): Promise<void> {
    this.sentAgain.push(id);
    return Promise.resolve();
  }

  discard(id: string): Promise<void> {
    this.discarded.push(id);
    return Promise.resolve();
  }

  holds(entries: readonly QueuedAction[]): void {
    this.entries = entries;
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** A source whose other end is the test. */
export class FakeSource implements TupleSource {
  link: LinkState = {
    kind: 'online',
    welcome: {service: 'client', name: 'client', version: '0.1.0', caller: 'device:d-1'},
  };
  readonly acted: TupleAction[] = [];
  readonly queued = new FakeQueue();
  /** What was queued, with what it is called. */
  readonly enqueued: {readonly action: TupleAction; readonly label: string | undefined}[] = [];
  readonly handlers = new Map<string, PerformHandler>();
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

  ask<T>(selector: TupleSelector): Promise<readonly T[]> {
    const rows = this.#rows.get(selectorText(selector));
    return rows === undefined
      ? Promise.reject(new AskError('NOT_OFFERED', 'Nobody offers it.'))
      : Promise.resolve(rows as readonly T[]);
  }

  enqueue(action: TupleAction, label?: string): Promise<Enqueued> {
    this.enqueued.push({action, label});
    return Promise.resolve({id: `q-${String(this.enqueued.length)}`, outcome: this.outcome(action)});
  }

  handle(type: string, handler: PerformHandler): () => void {
    this.handlers.set(type, handler);
    return () => {
      this.handlers.delete(type);
    };
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
