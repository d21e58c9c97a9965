export {ActionError} from './source.js';
export type {
  ActionErrorReason,
  ActionOutcome,
  LinkState,
  Problem,
  TupleAction,
  TupleListener,
  TupleSource,
  TupleUpdate,
  Welcome,
} from './source.js';
export {selectorText} from './selectors.js';
export type {TupleSelector} from './selectors.js';
export {TupleController} from './tuple-controller.js';
export type {TupleState} from './tuple-controller.js';
export {LinkController} from './link-controller.js';
export {sameOrigin, VortexClient} from './client.js';
export type {VortexClientOptions} from './client.js';
export {CLOSE_SESSION_OVER} from './link.js';
export {overWebSocket} from './transport.js';
export type {Dial, SocketLike, Transport, TransportEvents} from './transport.js';
export type {Inflate} from './observable.js';
