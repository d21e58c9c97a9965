export {ActionError, AskError} from './source.js';
export type {
  ActionErrorReason,
  ActionOutcome,
  Enqueued,
  LinkState,
  PerformHandler,
  Problem,
  QueuedAction,
  QueuedActions,
  TupleAction,
  TupleListener,
  TupleSource,
  TupleUpdate,
  Welcome,
} from './source.js';
export {selectorText} from './selectors.js';
export type {TupleSelector} from './selectors.js';
export {TableError, tableClient} from './tables.js';
export type {
  TableAnswer,
  TableClient,
  TableEditKind,
  TableFilter,
  TableOperator,
  TablePage,
  TableQuery,
  TableSort,
} from './tables.js';
export {TupleController} from './tuple-controller.js';
export type {TupleState} from './tuple-controller.js';
export {LinkController} from './link-controller.js';
export {sameOrigin, VortexClient} from './client.js';
export type {VortexClientOptions} from './client.js';
export {CLOSE_SESSION_OVER} from './link.js';
export {withFallback} from './fallback.js';
export {overHttp} from './http-transport.js';
export {overWebSocket} from './transport.js';
export type {Dial, SocketLike, Transport, TransportEvents} from './transport.js';
export type {Inflate} from './observable.js';
export {IndexedDbStore} from './indexed-db-store.js';
export {InMemoryQueueStore} from './queue-store.js';
export type {QueueStore, QueueTransaction, StoredAction, StoredLane} from './queue-store.js';
export type {Channel, DeviceQueue, Locks} from './queue.js';
export {BridgeQueue} from './bridge-queue.js';
export type {QueueBridge, QueuePage} from './bridge-queue.js';
export {BridgeTransport} from './bridge.js';
export type {Bridge, BridgePage} from './bridge.js';
