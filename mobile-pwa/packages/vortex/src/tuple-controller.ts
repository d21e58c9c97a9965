import type {ReactiveController, ReactiveControllerHost} from 'lit';
import {selectorText} from './selectors.js';
import type {TupleSelector} from './selectors.js';
import type {Problem, TupleSource, TupleUpdate} from './source.js';

/** What an element knows of the rows it shows. */
export type TupleState<T> =
  | {readonly kind: 'pending'}
  | {
      readonly kind: 'rows';
      readonly rows: readonly T[];
      readonly added: readonly T[];
      readonly changed: readonly T[];
      readonly removed: readonly T[];
      /** Why the rows may be out of date, or null. */
      readonly problem: Problem | null;
    }
  | {readonly kind: 'failed'; readonly error: Problem};

/**
 * Keeps an element's rows. Observes while the element is connected, and anew when the source or the
 * selector changes; a selector of null observes nothing and leaves the state at pending.
 */
export class TupleController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => TupleSource | null | undefined;
  readonly #selector: () => TupleSelector | null;
  #observed: {readonly source: TupleSource; readonly text: string; readonly stop: () => void} | null = null;
  #state: TupleState<T> = {kind: 'pending'};
  #connected = false;

  constructor(
    host: ReactiveControllerHost,
    source: () => TupleSource | null | undefined,
    selector: () => TupleSelector | null,
  ) {
    this.#host = host;
    this.#source = source;
    this.#selector = selector;
    host.addController(this);
  }

  get state(): TupleState<T> {
    return this.#state;
  }

  hostConnected(): void {
    this.#connected = true;
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    if (!this.#connected) {
      return;
    }
    const source = this.#source() ?? null;
    const selector = source === null ? null : this.#selector();
    const text = selector === null ? null : selectorText(selector);
    if (this.#observed !== null && this.#observed.source === source && this.#observed.text === text) {
      return;
    }
    // Coming back to the page shows what was there until news arrives; another selector starts anew.
    this.#stop();
    this.#state = {kind: 'pending'};
    if (source !== null && selector !== null && text !== null) {
      let current = true;
      const stop = source.observe<T>(selector, (update) => {
        if (current) {
          this.#take(update);
        }
      });
      this.#observed = {
        source,
        text,
        stop: () => {
          current = false;
          stop();
        },
      };
    }
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#stop();
  }

  #stop(): void {
    this.#observed?.stop();
    this.#observed = null;
  }

  #take(update: TupleUpdate<T>): void {
    if (update.kind === 'rows') {
      const {rows, added, changed, removed} = update;
      this.#state = {kind: 'rows', rows, added, changed, removed, problem: null};
    } else if (this.#state.kind === 'rows') {
      this.#state = {...this.#state, added: [], changed: [], removed: [], problem: update.problem};
    } else {
      this.#state = {kind: 'failed', error: update.problem};
    }
    this.#host.requestUpdate();
  }
}
