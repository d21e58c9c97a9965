import {withFallback} from './fallback.js';
import {FrameError, parseJson} from './frames.js';
import type {ServiceHeader} from './frames.js';
import {overHttp} from './http-transport.js';
import {inflateGzip} from './inflate.js';
import {Link} from './link.js';
import {Observable} from './observable.js';
import type {Inflate, ObservablePort} from './observable.js';
import {Performers} from './performers.js';
import {ActionQueue} from './queue.js';
import type {Channel, DeviceQueue, Locks, QueuePlace} from './queue.js';
import {InMemoryQueueStore} from './queue-store.js';
import type {QueueStore} from './queue-store.js';
import {selectorText} from './selectors.js';
import type {TupleSelector} from './selectors.js';
import {ActionError, AskError} from './source.js';
import type {
  ActionOutcome,
  Enqueued,
  LinkState,
  PerformHandler,
  QueuedActions,
  TupleAction,
  TupleListener,
  TupleSource,
} from './source.js';
import {overWebSocket} from './transport.js';
import type {Dial, SocketLike} from './transport.js';

export interface VortexClientOptions {
  /** Dials the service; the workstation brings a way of its own. */
  readonly dial: Dial;
  /** What this device is, for people; shown to administrators. */
  readonly name: string;
  readonly inflate?: Inflate;
  /** Between 0 and 1, for the jitter of reconnects. */
  readonly random?: () => number;
  /** Where queued actions are kept; when left out, only as long as the page lives. */
  readonly queue?: QueueStore;
  /** The queue itself, where the device has one outside of this page; `queue`, `locks` and `channel` are not used then. */
  readonly deviceQueue?: DeviceQueue;
  /** Lets one of several pages send what is queued; null where there is no such thing. */
  readonly locks?: Locks | null;
  /** Tells other pages of this site what happens to the queue; null where there is no such thing. */
  readonly channel?: Channel | null;
}

interface PendingAction {
  readonly settle: (outcome: ActionOutcome) => void;
  readonly fail: (error: ActionError) => void;
}

const ACTION_DEADLINE_MS = 30_000;
const ASK_DEADLINE_MS = 30_000;
// Leaving a view and coming back at once costs no new snapshot.
const LINGER_MS = 1_000;

/** The data exchange of a device: one link, shared observables, actions. */
export class VortexClient implements TupleSource {
  readonly #link: Link;
  readonly #port: ObservablePort;
  readonly #observables = new Map<string, Observable>();
  readonly #actions = new Map<string, PendingAction>();
  readonly #linkListeners = new Set<(state: LinkState) => void>();
  readonly #performers: Performers;
  readonly #queue: DeviceQueue;
  #actionCount = 0;

  constructor(options: VortexClientOptions) {
    this.#link = new Link({
      dial: options.dial,
      name: options.name,
      random: options.random ?? Math.random,
      onState: (state) => {
        this.#linkChanged(state);
      },
      onFrame: (header, payload) => {
        this.#received(header, payload);
      },
    });
    this.#performers = new Performers((header, values) => {
      if (this.#link.state.kind === 'online') {
        this.#link.send(header, values);
      }
    });
    this.#queue =
      options.deviceQueue ??
      new ActionQueue({
        store: options.queue ?? new InMemoryQueueStore(),
        port: {link: () => this.#link.state, send: (action, place) => this.#send(action, place)},
        random: options.random ?? Math.random,
        locks: options.locks ?? null,
        channel: options.channel ?? null,
      });
    this.#port = {
      send: (header) => {
        if (this.#link.state.kind === 'online') {
          this.#link.send(header);
        }
      },
      inflate: options.inflate ?? inflateGzip,
      broken: (error) => {
        this.#link.fail(error);
      },
    };
  }

  get link(): LinkState {
    return this.#link.state;
  }

  /** Dials, or cuts the waiting time before the next attempt short. */
  connect(): void {
    this.#link.connect();
  }

  close(): void {
    this.#queue.close();
    this.#link.close();
  }

  get queued(): QueuedActions {
    return this.#queue;
  }

  onLink(listener: (state: LinkState) => void): () => void {
    this.#linkListeners.add(listener);
    return () => {
      this.#linkListeners.delete(listener);
    };
  }

  observe<T = unknown>(selector: TupleSelector, listener: TupleListener<T>): () => void {
    const text = selectorText(selector);
    let observable = this.#observables.get(text);
    if (observable === undefined) {
      observable = new Observable(text, this.#port);
      this.#observables.set(text, observable);
      observable.observe();
    }
    const shared = observable;
    // Each call is an observer of its own, even when the same function is given twice.
    const own: TupleListener<unknown> = (update) => {
      (listener as TupleListener<unknown>)(update);
    };
    shared.add(own);
    return () => {
      shared.remove(own);
      if (!shared.observed) {
        setTimeout(() => {
          this.#drop(shared);
        }, LINGER_MS);
      }
    };
  }

  ask<T = unknown>(selector: TupleSelector, deadlineMs = ASK_DEADLINE_MS): Promise<readonly T[]> {
    return new Promise((resolve, reject) => {
      let stop: (() => void) | null = null;
      let over = false;
      const end = (settle: () => void): void => {
        over = true;
        clearTimeout(timer);
        stop?.();
        settle();
      };
      const timer = setTimeout(() => {
        end(() => {
          reject(
            new AskError(
              'TIMED_OUT',
              `No rows of ${selector.type} came within ${String(deadlineMs / 1000)} seconds; try again once the service is back.`,
            ),
          );
        });
      }, deadlineMs);
      stop = this.observe<T>(selector, (update) => {
        if (over) {
          return;
        }
        end(() => {
          if (update.kind === 'rows') {
            resolve(update.rows);
          } else {
            reject(new AskError(update.problem.code, update.problem.message));
          }
        });
      });
      // Rows that were held have been told before there was anything to stop.
      if (over as boolean) {
        stop();
      }
    });
  }

  enqueue(action: TupleAction, label?: string): Promise<Enqueued> {
    return this.#queue.enqueue(action, label);
  }

  handle(type: string, handler: PerformHandler): () => void {
    return this.#performers.handle(type, handler);
  }

  act(action: TupleAction): Promise<ActionOutcome> {
    return this.#send(action, null);
  }

  #send(action: TupleAction, place: QueuePlace | null): Promise<ActionOutcome> {
    if (this.#link.state.kind !== 'online') {
      return Promise.reject(
        new ActionError(
          'offline',
          'There is no connection to the service; nothing was changed. Try again once it is back.',
        ),
      );
    }
    this.#actionCount++;
    const id = `a-${String(this.#actionCount)}`;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#actions.delete(id);
        reject(
          new ActionError(
            'timedOut',
            'The service did not answer within 30 seconds. The change may still happen: look before you try again.',
          ),
        );
      }, ACTION_DEADLINE_MS);
      this.#actions.set(id, {
        settle: (outcome) => {
          clearTimeout(timer);
          resolve(outcome);
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      try {
        this.#link.send({kind: 'action', id, type: action.type, ...(place ?? {})}, action.fields);
      } catch (cause) {
        this.#actions.delete(id);
        clearTimeout(timer);
        const why = cause instanceof Error ? cause.message : String(cause);
        reject(new ActionError('refused', `${action.type} could not be sent: ${why}`, {cause}));
      }
    });
  }

  #drop(observable: Observable): void {
    if (!observable.observed && this.#observables.get(observable.selector) === observable) {
      this.#observables.delete(observable.selector);
      this.#port.send({kind: 'unobserve', selector: observable.selector});
    }
  }

  #linkChanged(state: LinkState): void {
    if (state.kind === 'online') {
      for (const observable of this.#observables.values()) {
        observable.observe();
      }
    } else {
      const lost = [...this.#actions.values()];
      this.#actions.clear();
      for (const action of lost) {
        action.fail(
          new ActionError(
            'linkLost',
            'The connection was lost before the service answered. The change may have happened: look before you try again.',
          ),
        );
      }
    }
    this.#queue.linkChanged(state);
    for (const listener of [...this.#linkListeners]) {
      listener(state);
    }
  }

  #received(header: ServiceHeader, payload: Uint8Array<ArrayBuffer>): void {
    switch (header.kind) {
      case 'snapshot':
      case 'delta':
      case 'current':
      case 'problem':
        // Frames of a selector that was given up a moment ago have no receiver.
        this.#observables.get(header.selector)?.receive(header, payload);
        break;
      case 'outcome':
        this.#outcome(header, payload);
        break;
      case 'perform':
        this.#performers.perform(header, payload);
        break;
      case 'welcome':
      case 'part':
      case 'pong':
      case 'error':
      case 'unknown':
        break;
    }
  }

  #outcome(header: Extract<ServiceHeader, {kind: 'outcome'}>, payload: Uint8Array<ArrayBuffer>): void {
    const action = this.#actions.get(header.id);
    if (action === undefined) {
      return;
    }
    this.#actions.delete(header.id);
    const {code, message} = header;
    switch (header.result) {
      case 'applied': {
        const values: unknown = payload.length === 0 ? [] : parseJson(payload, 'payload');
        if (!Array.isArray(values)) {
          throw new FrameError('The payload of an outcome is not a JSON array.');
        }
        action.settle({kind: 'applied', values: values as unknown[]});
        break;
      }
      case 'rejected':
        action.settle({kind: 'rejected', code, message});
        break;
      default:
        action.settle({kind: 'failed', code, message});
    }
  }
}

/** Dials the site this page came from: `/vortex`, and `/vortex/stream` where WebSockets do not pass. */
export function sameOrigin(): Dial {
  const url = new URL('/vortex', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = overWebSocket(() => new WebSocket(url) as SocketLike);
  return withFallback(
    typeof WebSocket === 'undefined' ? null : socket,
    overHttp(new URL('/vortex/stream', window.location.href)),
  );
}
