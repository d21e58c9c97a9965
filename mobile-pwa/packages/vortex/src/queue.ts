import {encodeFrame} from './frames.js';
import type {QueueStore, QueueTransaction, StoredAction, StoredLane} from './queue-store.js';
import {ActionError} from './source.js';
import type {ActionOutcome, Enqueued, LinkState, Problem, QueuedAction, QueuedActions, TupleAction} from './source.js';

/** The place of an action in a queue at the service. */
export interface QueuePlace {
  readonly queue: string;
  readonly sequence: number;
  readonly acknowledged: number;
}

export interface QueuePort {
  readonly link: () => LinkState;
  readonly send: (action: TupleAction, place: QueuePlace) => Promise<ActionOutcome>;
}

/** The part of `navigator.locks` that a queue needs. */
export interface Locks {
  request(name: string, options: {readonly signal: AbortSignal}, work: () => Promise<void>): Promise<unknown>;
}

/** The part of a `BroadcastChannel` that a queue needs. */
export interface Channel {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export interface QueueOptions {
  readonly store: QueueStore;
  readonly port: QueuePort;
  readonly random: () => number;
  /** So that one of several pages sends; null where there are none, and then each page sends. */
  readonly locks: Locks | null;
  /** Carries news between pages; null where there is none. */
  readonly channel: Channel | null;
}

type News =
  {readonly kind: 'changed'} | {readonly kind: 'settled'; readonly id: string; readonly outcome: ActionOutcome};

/** The queue of a device, wherever it is kept. */
export interface DeviceQueue extends QueuedActions {
  enqueue(action: TupleAction, label?: string): Promise<Enqueued>;
  linkChanged(state: LinkState): void;
  close(): void;
}

/** What a transaction found to send. */
interface Batch {
  readonly actions: readonly (StoredAction & {readonly sequence: number})[];
  readonly lane: StoredLane;
}

const LOCK = 'peek-queue';
const MAX_ACTIONS = 10_000;
// How many actions of one plugin are on their way at once, and of how many plugins. The service takes
// 256 actions on a link.
const WINDOW = 16;
const MAX_LANES_AT_ONCE = 8;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;
// One answer of this kind may be the echo of an action before it that was answered the same moment.
const OUT_OF_ORDER_UNTIL_NEW_QUEUE = 3;

/**
 * With these codes of `failed` the service says that it has not carried the action out, or does not
 * know, and that the same number may be sent again.
 */
const NOT_YET = new Set(['OFFLINE', 'STOPPED', 'NOT_OFFERED', 'TIMED_OUT', 'OUT_OF_ORDER']);

/** With these it says for certain that no attempt has carried it out. */
const NOT_CARRIED_OUT = new Set(['STOPPED', 'NOT_OFFERED', 'OUT_OF_ORDER']);

/**
 * The queued actions of this device: stored before they are accepted, sent in the order they were
 * accepted for each plugin, again and again until the service has said how they ended. The numbers
 * make the service carry out each of them once, however often it is sent.
 *
 * All pages of a site share one queue through its store. Where the browser has locks one page
 * sends; where it has none all do, which costs traffic but changes nothing.
 */
export class ActionQueue implements DeviceQueue {
  readonly #options: QueueOptions;
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Map<string, (outcome: ActionOutcome) => void>();
  readonly #active = new Set<string>();
  readonly #attempts = new Map<string, number>();
  readonly #retries = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #closing = new AbortController();
  readonly #outOfOrder = new Map<string, number>();
  #entries: readonly StoredAction[] = [];
  #shown: readonly QueuedAction[] = [];
  #owner = '';
  #sends = false;
  #loading: Promise<void> | null = null;
  #loadingNext: Promise<void> | null = null;

  constructor(options: QueueOptions) {
    this.#options = options;
    const {channel, locks} = options;
    if (channel !== null) {
      channel.onmessage = (event) => {
        this.#heard(event.data as News);
      };
    }
    // Without news from the others a page that does not send would never learn how its actions ended.
    if (locks === null || channel === null) {
      this.#sends = true;
    } else {
      locks
        .request(LOCK, {signal: this.#closing.signal}, () => this.#becomeSender())
        .catch((error: unknown) => {
          if (!this.#closing.signal.aborted) {
            console.error('Peek queue: no lock is to be had, so every page sends.', error);
            void this.#becomeSender();
          }
        });
    }
    void this.#reload();
  }

  get entries(): readonly QueuedAction[] {
    return this.#shown;
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

  async enqueue(action: TupleAction, label = action.type): Promise<Enqueued> {
    const id = crypto.randomUUID();
    const plugin = pluginOf(action.type);
    checkFits(action, id);
    const outcome = new Promise<ActionOutcome>((resolve) => {
      this.#waiting.set(id, resolve);
    });
    const accepted = this.#change('kept', async (transaction) => {
      if ((await transaction.count()) >= MAX_ACTIONS) {
        throw new ActionError(
          'refused',
          `${String(MAX_ACTIONS)} changes wait on this device already; nothing was added. Connect it, or discard some.`,
        );
      }
      await transaction.add({
        id,
        owner: await transaction.owner(),
        plugin,
        type: action.type,
        fields: action.fields,
        label,
        at: Date.now(),
        state: 'waiting',
        sequence: null,
        problem: null,
      });
    });
    try {
      await accepted;
    } catch (error) {
      this.#waiting.delete(id);
      throw error;
    }
    await this.#changed();
    return {id, outcome};
  }

  async sendAgain(id: string): Promise<void> {
    const entry = this.#find(id);
    if (entry === undefined) {
      return;
    }
    await this.#change('sent again', async (transaction) => {
      const is = await transaction.get(entry.n);
      if (is === undefined) {
        return;
      }
      if (is.state === 'waiting') {
        this.#hurry(); // it is its turn when it is; but not later than now
        return;
      }
      // At the end: those that were accepted after it may have been carried out already.
      await transaction.remove(is.n);
      await transaction.add(again(is));
    });
    await this.#changed();
  }

  async discard(id: string): Promise<void> {
    const entry = this.#find(id);
    if (entry === undefined) {
      return;
    }
    await this.#change('discarded', async (transaction) => {
      const is = await transaction.get(entry.n);
      if (is === undefined) {
        return;
      }
      if (is.state === 'waiting' && is.sequence !== null) {
        await this.#withdraw(transaction, is);
      }
      await transaction.remove(is.n);
    });
    const outcome: ActionOutcome = {kind: 'failed', code: 'DISCARDED', message: 'The change was discarded.'};
    this.#settled(id, outcome);
    this.#post({kind: 'settled', id, outcome});
    await this.#changed();
  }

  /** The link has changed. */
  linkChanged(state: LinkState): void {
    if (state.kind !== 'online') {
      return;
    }
    this.#own(state.welcome.caller).then(
      () => {
        this.#hurry();
      },
      (error: unknown) => {
        console.error('Peek queue: the store cannot be read.', error);
      },
    );
  }

  /** Lets another page send. What is stored stays stored. */
  close(): void {
    this.#closing.abort();
    this.#clearRetries();
    this.#listeners.clear();
    this.#waiting.clear();
    this.#options.channel?.close();
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Sends until the page is closed; the lock is kept that long. */
  #becomeSender(): Promise<void> {
    this.#sends = true;
    void this.#reload();
    return new Promise((resolve) => {
      this.#closing.signal.addEventListener('abort', () => {
        resolve();
      });
    });
  }

  // Actions belong to whom the service took the device for when they were accepted; another does not send them. What
  // was accepted before the service was ever asked belongs to the first answer.
  async #own(caller: string): Promise<void> {
    await this.#options.store.transaction(async (transaction) => {
      if ((await transaction.owner()) === caller) {
        return;
      }
      for (const each of await transaction.all()) {
        if (each.owner === '') {
          await transaction.put({...each, owner: caller});
        }
      }
      await transaction.putOwner(caller);
    });
    await this.#reload();
  }

  // The lane begins anew under another name, so that the numbers after the one that is taken out have no gap. Allowed
  // only if the service has said of the first that it was not carried out, for then none after it was.
  async #withdraw(transaction: QueueTransaction, taken: StoredAction): Promise<void> {
    const all = await transaction.waiting(taken.owner, taken.plugin, MAX_ACTIONS);
    const numbered = all.filter((each) => each.sequence !== null);
    const first = numbered[0];
    if (first?.problem == null || !NOT_CARRIED_OUT.has(first.problem.code)) {
      throw new ActionError(
        'refused',
        'This change is on its way and may have been made already, so it cannot be discarded before the service has answered.',
      );
    }
    await this.#beginAnew(transaction, taken.owner, taken.plugin, numbered);
  }

  async #beginAnew(
    transaction: QueueTransaction,
    owner: string,
    plugin: string,
    numbered: readonly StoredAction[],
  ): Promise<void> {
    for (const each of numbered) {
      await transaction.put({...each, sequence: null});
    }
    await transaction.putLane(owner, plugin, newLane());
  }

  #find(id: string): StoredAction | undefined {
    return this.#entries.find((each) => each.id === id);
  }

  async #change(done: string, work: (transaction: QueueTransaction) => Promise<void>): Promise<void> {
    try {
      await this.#options.store.transaction(work);
    } catch (cause) {
      if (cause instanceof ActionError) {
        throw cause;
      }
      throw new ActionError('refused', `The change could not be ${done}: ${storeProblem(cause)}`, {cause});
    }
  }

  async #changed(): Promise<void> {
    this.#post({kind: 'changed'});
    await this.#reload();
  }

  #post(news: News): void {
    if (!this.#closed) {
      this.#options.channel?.postMessage(news);
    }
  }

  #heard(news: News): void {
    if (news.kind === 'settled') {
      this.#settled(news.id, news.outcome);
    } else {
      void this.#reload();
    }
  }

  #settled(id: string, outcome: ActionOutcome): void {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(outcome);
  }

  /** Reads the store; what is asked for while it is read becomes one more reading together. */
  #reload(): Promise<void> {
    if (this.#loading === null) {
      this.#loading = this.#load().finally(() => {
        this.#loading = null;
      });
      return this.#loading;
    }
    this.#loadingNext ??= this.#loading.then(() => {
      this.#loadingNext = null;
      return this.#closed ? undefined : this.#reload();
    });
    return this.#loadingNext;
  }

  async #load(): Promise<void> {
    try {
      const {entries, owner} = await this.#options.store.transaction(async (transaction) => ({
        entries: await transaction.all(),
        owner: await transaction.owner(),
      }));
      if (this.#closed) {
        return;
      }
      this.#owner = owner;
      this.#entries = entries.filter((each) => each.owner === owner);
    } catch (error) {
      console.error('Peek queue: the store cannot be read.', error);
      return;
    }
    this.#shown = shown(this.#entries);
    for (const listener of [...this.#listeners]) {
      listener();
    }
    this.#pump();
  }

  /** The link is back, or the user wants it now: waiting times are over. */
  #hurry(): void {
    this.#clearRetries();
    this.#attempts.clear();
    this.#pump();
  }

  #clearRetries(): void {
    for (const timer of this.#retries.values()) {
      clearTimeout(timer);
    }
    this.#retries.clear();
  }

  #pump(): void {
    const link = this.#options.port.link();
    if (!this.#sends || this.#closed || link.kind !== 'online' || link.welcome.caller !== this.#owner) {
      return;
    }
    for (const {plugin, state} of this.#entries) {
      if (
        state === 'waiting' &&
        this.#active.size < MAX_LANES_AT_ONCE &&
        !this.#active.has(plugin) &&
        !this.#retries.has(plugin)
      ) {
        this.#active.add(plugin);
        void this.#send(this.#owner, plugin);
      }
    }
  }

  /** Sends the first actions of a lane and waits until all are answered. */
  async #send(owner: string, plugin: string): Promise<void> {
    let notYet: Problem | null = null;
    try {
      const batch = await this.#options.store.transaction((transaction) => take(transaction, owner, plugin));
      const answers = batch.actions.map((each) =>
        this.#options.port
          .send(
            {type: each.type, fields: each.fields},
            {queue: batch.lane.queue, sequence: each.sequence, acknowledged: batch.lane.done},
          )
          .catch((error: unknown): ActionOutcome => ({kind: 'failed', code: lostCode(error), message: words(error)})),
      );
      for (const [i, action] of batch.actions.entries()) {
        const answer = await answers[i];
        if (answer === undefined || notYet !== null) {
          // Behind one that was not carried out, none was; the answers are waited for, so that none is late.
          continue;
        }
        if (answer.kind === 'failed' && NOT_YET.has(answer.code)) {
          notYet = {code: answer.code, message: answer.message};
          await this.#postpone(batch.lane.queue, action, notYet);
        } else {
          await this.#settle(batch.lane.queue, action, answer);
        }
      }
    } catch (error) {
      console.error('Peek queue: the store cannot be written; what was sent is sent again later.', error);
      notYet = {code: 'STORE', message: storeProblem(error)};
    }
    this.#active.delete(plugin);
    if (this.#closed) {
      return;
    }
    if (notYet === null) {
      this.#attempts.delete(plugin);
    } else {
      this.#retryLater(plugin);
    }
    await this.#reload();
  }

  async #settle(
    queue: string,
    action: StoredAction & {readonly sequence: number},
    outcome: ActionOutcome,
  ): Promise<void> {
    this.#outOfOrder.delete(action.plugin);
    await this.#options.store.transaction(async (transaction) => {
      const lane = await transaction.lane(action.owner, action.plugin);
      const is = await transaction.get(action.n);
      if (lane?.queue !== queue || is?.sequence !== action.sequence) {
        return; // another page has settled it, or begun the lane anew
      }
      await transaction.putLane(action.owner, action.plugin, {...lane, done: Math.max(lane.done, action.sequence)});
      if (outcome.kind === 'applied') {
        await transaction.remove(is.n);
      } else {
        const {code, message} = outcome;
        await transaction.put({...is, state: outcome.kind, problem: {code, message}});
      }
    });
    this.#settled(action.id, outcome);
    this.#post({kind: 'settled', id: action.id, outcome});
    this.#post({kind: 'changed'});
  }

  async #postpone(queue: string, action: StoredAction, why: Problem): Promise<void> {
    const {owner, plugin} = action;
    const times = why.code === 'OUT_OF_ORDER' ? (this.#outOfOrder.get(plugin) ?? 0) + 1 : 0;
    this.#outOfOrder.set(plugin, times);
    await this.#options.store.transaction(async (transaction) => {
      if ((await transaction.lane(owner, plugin))?.queue !== queue) {
        return;
      }
      if (times >= OUT_OF_ORDER_UNTIL_NEW_QUEUE) {
        // The service knows this queue no longer: it was restored from a backup, or has not heard of it for long.
        this.#outOfOrder.delete(plugin);
        const waiting = await transaction.waiting(owner, plugin, MAX_ACTIONS);
        await this.#beginAnew(
          transaction,
          owner,
          plugin,
          waiting.filter((each) => each.sequence !== null),
        );
        return;
      }
      const is = await transaction.get(action.n);
      if (is?.sequence === action.sequence && is.state === 'waiting') {
        await transaction.put({...is, problem: why});
      }
    });
    this.#post({kind: 'changed'});
  }

  #retryLater(plugin: string): void {
    const attempt = this.#attempts.get(plugin) ?? 0;
    this.#attempts.set(plugin, attempt + 1);
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
    // Half of the waiting time is random, so that devices do not all come back in the same moment.
    const timer = setTimeout(
      () => {
        this.#retries.delete(plugin);
        this.#pump();
      },
      Math.round(longest * (0.5 + 0.5 * this.#options.random())),
    );
    clearTimeout(this.#retries.get(plugin));
    this.#retries.set(plugin, timer);
  }
}

/** Numbers the first waiting actions of a lane, in order, and marks them as sent. */
async function take(transaction: QueueTransaction, owner: string, plugin: string): Promise<Batch> {
  const lane = (await transaction.lane(owner, plugin)) ?? newLane();
  let {next} = lane;
  const actions: (StoredAction & {readonly sequence: number})[] = [];
  for (const each of await transaction.waiting(owner, plugin, WINDOW)) {
    const sent = {...each, sequence: each.sequence ?? next, problem: null};
    next = Math.max(next, sent.sequence + 1);
    await transaction.put(sent);
    actions.push(sent);
  }
  await transaction.putLane(owner, plugin, {...lane, next});
  return {actions, lane};
}

function newLane(): StoredLane {
  return {queue: crypto.randomUUID(), next: 1, done: 0};
}

function again({n: _n, ...rest}: StoredAction): Omit<StoredAction, 'n'> {
  return {...rest, state: 'waiting', sequence: null, problem: null};
}

function shown(entries: readonly StoredAction[]): QueuedAction[] {
  const heldUp = new Set<string>();
  return entries.map(({id, plugin, type, label, at, problem, state, sequence}) => {
    if (state !== 'waiting') {
      return {id, plugin, type, label, at, state, problem};
    }
    // Behind one that was refused for now, those that were sent with it wait again.
    if (problem !== null) {
      heldUp.add(plugin);
    }
    const sent = sequence !== null && !heldUp.has(plugin);
    return {id, plugin, type, label, at, state: sent ? 'sent' : 'waiting', problem};
  });
}

function pluginOf(type: string): string {
  const plugin = /^([a-z][a-z0-9_]*)\../.exec(type)?.[1];
  if (plugin === undefined) {
    throw new ActionError(
      'refused',
      `'${type}' does not begin with the name of a plugin and a dot, so no queue takes it.`,
    );
  }
  return plugin;
}

/** An action that no frame holds must be refused now, not found out when the page is long gone. */
function checkFits(action: TupleAction, id: string): void {
  const most = Number.MAX_SAFE_INTEGER;
  try {
    encodeFrame({kind: 'action', id, type: action.type, queue: id, sequence: most, acknowledged: most}, action.fields);
  } catch (cause) {
    throw new ActionError('refused', `${action.type} cannot be sent: ${words(cause)}`, {cause});
  }
}

function lostCode(error: unknown): string {
  const neverSent = error instanceof ActionError && (error.reason === 'offline' || error.reason === 'refused');
  return neverSent ? 'OFFLINE' : 'TIMED_OUT';
}

function storeProblem(cause: unknown): string {
  return cause instanceof Error && cause.name === 'QuotaExceededError'
    ? 'this device has no room left for this site. Free some space on it, then try again.'
    : `the browser's database did not take it (${words(cause)}). Reload the page, then try again.`;
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
