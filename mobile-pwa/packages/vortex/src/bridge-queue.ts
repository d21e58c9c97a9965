import type {DeviceQueue} from './queue.js';
import {ActionError} from './source.js';
import type {ActionOutcome, Enqueued, QueuedAction, TupleAction} from './source.js';

/** What the workstation puts into the page of a web view for its queue of actions. */
export interface QueueBridge {
  /** Puts an action in; answered by `answered`, and by `settled` once it is known how it ended. */
  enqueue(call: string, type: string, fields: string): void;
  /** Answered by `answered`, as is `discard`. */
  sendAgain(call: string, id: string): void;
  discard(call: string, id: string): void;
}

/** What the workstation calls in the page for its queue. Empty texts stand for what there is not. */
export interface QueuePage {
  answered(call: string, id: string, problem: string): void;
  settled(call: string, result: string, code: string, message: string, values: string): void;
  /** One after the other, until the list is whole. */
  entry(id: string, type: string, label: string, at: number, state: string, code: string, message: string): void;
  listed(): void;
}

interface Answer {
  readonly resolve: (id: string) => void;
  readonly reject: (error: ActionError) => void;
}

const STATES = ['waiting', 'sent', 'rejected', 'failed'] as const;

/**
 * The queue of the workstation, as far as it holds actions of the plugin of this page. The workstation stores and sends
 * them; they outlive the page.
 */
export class BridgeQueue implements DeviceQueue {
  readonly #bridge: QueueBridge;
  readonly #answers = new Map<string, Answer>();
  readonly #outcomes = new Map<string, (outcome: ActionOutcome) => void>();
  readonly #listeners = new Set<() => void>();
  #calls = 0;
  #entries: readonly QueuedAction[] = [];
  #next: QueuedAction[] = [];

  constructor(bridge: QueueBridge) {
    this.#bridge = bridge;
  }

  readonly page: QueuePage = {
    answered: (call, id, problem) => {
      const answer = this.#answers.get(call);
      this.#answers.delete(call);
      if (problem === '') {
        answer?.resolve(id);
      } else {
        this.#outcomes.delete(call);
        answer?.reject(new ActionError('refused', problem));
      }
    },
    settled: (call, result, code, message, values) => {
      const settle = this.#outcomes.get(call);
      this.#outcomes.delete(call);
      settle?.(outcomeOf(result, code, message, values));
    },
    entry: (id, type, label, at, state, code, message) => {
      this.#next.push({
        id,
        plugin: type.slice(0, type.indexOf('.')),
        type,
        label,
        at,
        state: STATES.find((each) => each === state) ?? 'waiting',
        problem: code === '' ? null : {code, message},
      });
    },
    listed: () => {
      this.#entries = this.#next;
      this.#next = [];
      for (const listener of [...this.#listeners]) {
        listener();
      }
    },
  };

  /** The first of them, in the order in which they were accepted. */
  get entries(): readonly QueuedAction[] {
    return this.#entries;
  }

  onChange(listener: () => void): () => void {
    // Each call is a listener of its own, even when the same function is given twice.
    const own = (): void => {
      listener();
    };
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** The workstation names it by its type; a label is for the queues of browsers. */
  async enqueue(action: TupleAction): Promise<Enqueued> {
    const fields = JSON.stringify(action.fields);
    let settle: (outcome: ActionOutcome) => void = () => undefined;
    const outcome = new Promise<ActionOutcome>((resolve) => {
      settle = resolve;
    });
    const id = await this.#ask((call) => {
      this.#outcomes.set(call, settle);
      this.#bridge.enqueue(call, action.type, fields);
    });
    return {id, outcome};
  }

  async sendAgain(id: string): Promise<void> {
    await this.#ask((call) => {
      this.#bridge.sendAgain(call, id);
    });
  }

  async discard(id: string): Promise<void> {
    await this.#ask((call) => {
      this.#bridge.discard(call, id);
    });
  }

  /** The workstation sends over its own link, whatever that of the page does. */
  linkChanged(): void {
    // nothing to do
  }

  close(): void {
    this.#listeners.clear();
    this.#outcomes.clear();
    this.#answers.clear();
  }

  #ask(put: (call: string) => void): Promise<string> {
    this.#calls++;
    const call = String(this.#calls);
    return new Promise((resolve, reject) => {
      this.#answers.set(call, {resolve, reject});
      put(call);
    });
  }
}

function outcomeOf(result: string, code: string, message: string, values: string): ActionOutcome {
  if (result !== 'applied') {
    return {kind: result === 'rejected' ? 'rejected' : 'failed', code, message};
  }
  const list: unknown = values === '' ? [] : JSON.parse(values);
  return {kind: 'applied', values: Array.isArray(list) ? (list as unknown[]) : []};
}
