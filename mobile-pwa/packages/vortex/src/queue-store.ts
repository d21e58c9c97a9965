import type {Problem} from './source.js';

/** An action as it is kept until its sender has seen how it ended. */
export interface StoredAction {
  /** Places it among all others of the store; given by the store. */
  readonly n: number;
  readonly id: string;
  /** Whom the service takes this device for; empty while it has never been asked. */
  readonly owner: string;
  readonly plugin: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** What it does, for people. */
  readonly label: string;
  /** When it was accepted, in milliseconds since 1970. */
  readonly at: number;
  readonly state: 'waiting' | 'rejected' | 'failed';
  /** Its number in the lane; null before it is sent for the first time. */
  readonly sequence: number | null;
  /** Why it was not carried out: for good when rejected or failed, for now when waiting. */
  readonly problem: Problem | null;
}

/** Where the numbers of one owner's actions for one plugin stand. */
export interface StoredLane {
  /** The name of the queue at the service. */
  readonly queue: string;
  /** The number that the next action gets. */
  readonly next: number;
  /** The outcomes of all numbers up to this one are stored, or have been seen. */
  readonly done: number;
}

/** What can be read and changed within one transaction. Only these calls may be waited for in it. */
export interface QueueTransaction {
  all(): Promise<readonly StoredAction[]>;
  count(): Promise<number>;
  get(n: number): Promise<StoredAction | undefined>;
  /** The first waiting actions of a lane, in order. */
  waiting(owner: string, plugin: string, limit: number): Promise<readonly StoredAction[]>;
  /** Answers the place that the store has given it. */
  add(action: Omit<StoredAction, 'n'>): Promise<number>;
  put(action: StoredAction): Promise<void>;
  remove(n: number): Promise<void>;
  lane(owner: string, plugin: string): Promise<StoredLane | undefined>;
  putLane(owner: string, plugin: string, lane: StoredLane): Promise<void>;
  /** Whom the service took this device for last. */
  owner(): Promise<string>;
  putOwner(owner: string): Promise<void>;
}

/**
 * Keeps queued actions. All pages of a site on one device share one store.
 *
 * A transaction takes effect as a whole, and durably, before its promise is fulfilled; or not at
 * all, when the promise is rejected. Transactions run one after the other, also those of other pages.
 */
export interface QueueStore {
  transaction<T>(work: (transaction: QueueTransaction) => Promise<T>): Promise<T>;
}

/** Keeps queued actions as long as the page lives. */
export class InMemoryQueueStore implements QueueStore {
  #actions = new Map<number, StoredAction>();
  #lanes = new Map<string, StoredLane>();
  #owner = '';
  #last = 0;
  #turn: Promise<unknown> = Promise.resolve();

  transaction<T>(work: (transaction: QueueTransaction) => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => this.#run(work));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #run<T>(work: (transaction: QueueTransaction) => Promise<T>): Promise<T> {
    const actions = new Map(this.#actions);
    const lanes = new Map(this.#lanes);
    let owner = this.#owner;
    let last = this.#last;
    const lane = (of: string, plugin: string): string => JSON.stringify([of, plugin]);
    const result = await work({
      all: () => Promise.resolve([...actions.values()].sort((a, b) => a.n - b.n)),
      count: () => Promise.resolve(actions.size),
      get: (n) => Promise.resolve(actions.get(n)),
      waiting: (of, plugin, limit) =>
        Promise.resolve(
          [...actions.values()]
            .filter((each) => each.owner === of && each.plugin === plugin && each.state === 'waiting')
            .sort((a, b) => a.n - b.n)
            .slice(0, limit),
        ),
      add: (action) => {
        last++;
        actions.set(last, structuredClone({...action, n: last}));
        return Promise.resolve(last);
      },
      put: (action) => {
        actions.set(action.n, structuredClone(action));
        return Promise.resolve();
      },
      remove: (n) => {
        actions.delete(n);
        return Promise.resolve();
      },
      lane: (of, plugin) => Promise.resolve(lanes.get(lane(of, plugin))),
      putLane: (of, plugin, is) => {
        lanes.set(lane(of, plugin), is);
        return Promise.resolve();
      },
      owner: () => Promise.resolve(owner),
      putOwner: (is) => {
        owner = is;
        return Promise.resolve();
      },
    });
    this.#actions = actions;
    this.#lanes = lanes;
    this.#owner = owner;
    this.#last = last;
    return result;
  }
}
