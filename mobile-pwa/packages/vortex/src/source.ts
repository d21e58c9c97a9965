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

  /** Tells every change of {@link link} until the function returned is called. */
  onLink(listener: (state: LinkState) => void): () => void;
}
