import {ActionError} from '../src/source.js';
import type {ActionOutcome, LinkState, TupleAction} from '../src/source.js';
import type {Channel, Locks, QueuePlace, QueuePort} from '../src/queue.js';

/** What may go wrong on the way of one action. */
export type Fault =
  | 'none'
  /** Not sent at all. */
  | 'offline'
  /** Lost before it came to the service. */
  | 'lost'
  /** Carried out, but the answer is lost. */
  | 'answerLost'
  /** The service cannot carry it out now. */
  | 'stopped';

interface Lane {
  next: number;
  readonly outcomes: Map<number, ActionOutcome>;
}

/**
 * The service's side of queues as the wire format describes it: one number after the other, each once, with
 * stored outcomes. Written for the tests, from the description alone.
 */
export class QueueService {
  /** What was carried out, in order. */
  readonly done: TupleAction[] = [];
  readonly received: {readonly action: TupleAction; readonly place: QueuePlace}[] = [];
  /** How long an action takes on its way there, and its answer back. */
  delay: () => number = () => 0;
  fault: () => Fault = () => 'none';
  outcome: (action: TupleAction) => ActionOutcome = () => ({kind: 'applied', values: []});
  link: LinkState = online('device:d-1');
  #lanes = new Map<string, Lane>();

  readonly port: QueuePort = {link: () => this.link, send: (action, place) => this.#send(action, place)};

  /** The service is another one, or one that was restored from an old backup. */
  forget(): void {
    this.#lanes = new Map();
  }

  async #send(action: TupleAction, place: QueuePlace): Promise<ActionOutcome> {
    const fault = this.fault();
    if (fault === 'offline' || this.link.kind !== 'online') {
      throw new ActionError('offline', 'There is no connection.');
    }
    await wait(this.delay());
    if (fault === 'lost') {
      throw new ActionError('linkLost', 'The connection was lost.');
    }
    this.received.push({action, place});
    const outcome =
      fault === 'stopped' ? failed('STOPPED', 'The plugin is not running.') : this.#carryOut(action, place);
    await wait(this.delay());
    if (fault === 'answerLost') {
      throw new ActionError('timedOut', 'The service did not answer.');
    }
    return outcome;
  }

  #carryOut(action: TupleAction, {queue, sequence, acknowledged}: QueuePlace): ActionOutcome {
    const plugin = action.type.split('.')[0] ?? '';
    const name = `${queue}/${plugin}`;
    const lane = this.#lanes.get(name) ?? {next: 1, outcomes: new Map<number, ActionOutcome>()};
    this.#lanes.set(name, lane);
    for (const each of [...lane.outcomes.keys()]) {
      if (each <= acknowledged) {
        lane.outcomes.delete(each);
      }
    }
    if (sequence < lane.next) {
      const stored = lane.outcomes.get(sequence);
      if (stored === undefined) {
        throw new Error(`number ${String(sequence)} was acknowledged and came again`);
      }
      return stored;
    }
    if (sequence > lane.next) {
      return failed('OUT_OF_ORDER', `The next number is ${String(lane.next)}.`);
    }
    const outcome = this.outcome(action);
    lane.next++;
    lane.outcomes.set(sequence, outcome);
    this.done.push(action);
    return outcome;
  }
}

/** Locks and news of several pages of one browser. */
export class FakeBrowser {
  readonly #channels = new Set<FakeChannel>();
  readonly #turns = new Map<string, Promise<unknown>>();

  readonly locks: Locks = {
    request: (name, {signal}, work) => {
      const before = this.#turns.get(name) ?? Promise.resolve();
      const result = before.then(() => (signal.aborted ? undefined : work()));
      this.#turns.set(
        name,
        result.catch(() => undefined),
      );
      return result;
    },
  };

  channel(): Channel {
    const channel = new FakeChannel(this.#channels);
    this.#channels.add(channel);
    return channel;
  }
}

class FakeChannel implements Channel {
  onmessage: ((event: MessageEvent) => void) | null = null;
  readonly #all: Set<FakeChannel>;

  constructor(all: Set<FakeChannel>) {
    this.#all = all;
  }

  postMessage(data: unknown): void {
    for (const other of this.#all) {
      if (other !== this) {
        void Promise.resolve().then(() => other.onmessage?.({data} as MessageEvent));
      }
    }
  }

  close(): void {
    this.#all.delete(this);
  }
}

export function online(caller: string): LinkState {
  return {kind: 'online', welcome: {service: 'client', name: 'client', version: '0.1.0', caller}};
}

export function failed(code: string, message: string): ActionOutcome {
  return {kind: 'failed', code, message};
}

function wait(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
