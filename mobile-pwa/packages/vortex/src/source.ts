import type {TupleSelector} from './selectors.js';

/** What went wrong, for people (`message`, a sentence) and for code (`code`). */
export interface Problem {
  readonly code: string;
  readonly message: string;
}

/** What an observer is told. */
export type TupleUpdate<T> =
  | {
      readonly kind: 'rows';
      /** All rows, in the order of the service. A row that did not change stays the same object. */
      readonly rows: readonly T[];
      readonly added: readonly T[];
      readonly changed: readonly T[];
      readonly removed: readonly T[];
    }
  /** The rows cannot be had now; rows told before stay valid for display until the next update. */
  | {readonly kind: 'problem'; readonly problem: Problem};

export type TupleListener<T> = (update: TupleUpdate<T>) => void;

/** An action: its tuple type and the members of its record. */
export interface TupleAction {
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How an action ended at the service. */
export type ActionOutcome =
  | {readonly kind: 'applied'; readonly values: readonly unknown[]}
  | {readonly kind: 'rejected'; readonly code: string; readonly message: string}
  | {readonly kind: 'failed'; readonly code: string; readonly message: string};

/** Why no outcome is known. After `offline` and `refused` nothing was sent. */
export type ActionErrorReason = 'offline' | 'refused' | 'timedOut' | 'linkLost';

/** No outcome of an action is known. The message is a sentence for people. */
export class ActionError extends Error {
  override name = 'ActionError';
  readonly reason: ActionErrorReason;

  constructor(reason: ActionErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** An action that a queue has accepted. */
export interface Enqueued {
  readonly id: string;
  /** How it ends, whenever that is; never rejected. After the page is left, the queue alone tells. */
  readonly outcome: Promise<ActionOutcome>;
}

/** An action in the queue of this device, as people see it. */
export interface QueuedAction {
  readonly id: string;
  readonly plugin: string;
  readonly type: string;
  /** What it does. */
  readonly label: string;
  /** When it was accepted, in milliseconds since 1970. */
  readonly at: number;
  /** Rejected and failed ones stay until they are sent again or discarded; applied ones leave. */
  readonly state: 'waiting' | 'sent' | 'rejected' | 'failed';
  /** Why it was not carried out: for good when rejected or failed, for now when waiting. */
  readonly problem: Problem | null;
}

/** The queue of this device, in the order in which the actions were accepted. */
export interface QueuedActions {
  readonly entries: readonly QueuedAction[];

  /** Tells every change of {@link entries} until the function returned is called. */
  onChange(listener: () => void): () => void;

  /** Puts a rejected or failed action at the end of the queue; tries a waiting one without delay. */
  sendAgain(id: string): Promise<void>;

  /**
   * Takes an action out for good.
   *
   * @throws ActionError (as rejection) when it is on its way and may have been carried out already
   */
  discard(id: string): Promise<void>;
}

/** Carries out an action that the service sends to this device. Throwing answers `failed`. */
export type PerformHandler = (fields: Readonly<Record<string, unknown>>) => ActionOutcome | Promise<ActionOutcome>;

/** The rows that were asked for cannot be had. The message is a sentence for people. */
export class AskError extends Error {
  override name = 'AskError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The link to the service. */
export type LinkState =
  /** `since` is when the link was lost, or null when there was none yet. */
  | {readonly kind: 'connecting'; readonly since: number | null}
  | {readonly kind: 'online'; readonly welcome: Welcome}
  | {readonly kind: 'offline'; readonly since: number; readonly retryInMs: number}
  /** Over for good: closed by this side, or the service does not know the caller any longer. */
  | {readonly kind: 'ended'; readonly code: number; readonly reason: string};

/** How the service introduced itself. */
export interface Welcome {
  readonly service: string;
  readonly name: string;
  readonly version: string;
  readonly caller: string;
}

/**
 * Where elements get tuples from and send actions to. The host sets it as property `source` before
 * it attaches a view; in a browser it is a {@link VortexClient}.
 */
export interface TupleSource {
  readonly link: LinkState;

  /**
   * Observes a selector until the function returned is called. Rows already held are told at once,
   * within this call. All observers of one selector share one subscription at the service.
   */
  observe<T = unknown>(selector: TupleSelector, listener: TupleListener<T>): () => void;

  /**
   * Sends an action and answers how it ended.
   *
   * @throws ActionError (as rejection) when no outcome is known
   */
  act(action: TupleAction): Promise<ActionOutcome>;

  /**
   * The rows of a selector once, instead of observing it. Rows that are observed here already are
   * answered from what is held.
   *
   * @throws AskError (as rejection) when they cannot be had, or not within the deadline
   */
  ask<T = unknown>(selector: TupleSelector, deadlineMs?: number): Promise<readonly T[]>;

  /**
   * Stores an action on this device and sends it as soon as that works: after a lost link, a reload or
   * a restart. It is carried out exactly once, after all that this device has queued for the plugin before.
   *
   * @param label what the action does, for people who look at the queue
   * @throws ActionError (as rejection) when it could not be stored; then it will not be carried out
   */
  enqueue(action: TupleAction, label?: string): Promise<Enqueued>;

  /** What {@link enqueue} has stored and is not done with. */
  readonly queued: QueuedActions;

  /**
   * Carries out actions of a type that the service sends to this device, until the function returned is
   * called. One handler for each type.
   */
  handle(type: string, handler: PerformHandler): () => void;

  /** Tells every change of {@link link} until the function returned is called. */
  onLink(listener: (state: LinkState) => void): () => void;
}
