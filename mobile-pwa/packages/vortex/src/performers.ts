import {FrameError, isObject, parseJson} from './frames.js';
import type {DeviceHeader, ServiceHeader} from './frames.js';
import type {ActionOutcome, PerformHandler} from './source.js';

type Answer = (header: Extract<DeviceHeader, {kind: 'performed'}>, values?: readonly unknown[]) => void;

// The service sends few of these; more at once than that is a fault of it, and no reason to fill the page.
const MAX_AT_ONCE = 64;

/** Carries out what the service sends to this device, and answers each action once. */
export class Performers {
  readonly #answer: Answer;
  readonly #handlers = new Map<string, PerformHandler>();
  #running = 0;

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  /** @throws Error when the type has a handler already */
  handle(type: string, handler: PerformHandler): () => void {
    if (this.#handlers.has(type)) {
      throw new Error(`Actions of type ${type} have a handler already; end it before another is set.`);
    }
    this.#handlers.set(type, handler);
    return () => {
      if (this.#handlers.get(type) === handler) {
        this.#handlers.delete(type);
      }
    };
  }

  perform(header: Extract<ServiceHeader, {kind: 'perform'}>, payload: Uint8Array<ArrayBuffer>): void {
    const {id, type} = header;
    const fields: unknown = parseJson(payload, 'payload');
    if (!isObject(fields)) {
      throw new FrameError('The payload of an action is not a JSON object.');
    }
    const handler = this.#handlers.get(type);
    if (handler === undefined) {
      this.#failed(id, 'NOT_OFFERED', `Nothing on this device carries out ${type} now.`);
      return;
    }
    if (this.#running >= MAX_AT_ONCE) {
      this.#failed(id, 'CONFLICT', `More than ${String(MAX_AT_ONCE)} actions are under way on this device.`);
      return;
    }
    this.#running++;
    void this.#run(id, type, handler, fields);
  }

  async #run(
    id: string,
    type: string,
    handler: PerformHandler,
    fields: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    try {
      this.#ended(id, await handler(fields));
    } catch (error) {
      console.error(`The handler of ${type} failed.`, error);
      this.#failed(id, 'INTERNAL', `The device failed to carry out ${type}; its console says why.`);
    } finally {
      this.#running--;
    }
  }

  #ended(id: string, outcome: ActionOutcome): void {
    if (outcome.kind === 'applied') {
      this.#answer({kind: 'performed', id, result: 'applied'}, outcome.values);
    } else {
      const {kind: result, code, message} = outcome;
      this.#answer({kind: 'performed', id, result, code, message});
    }
  }

  #failed(id: string, code: string, message: string): void {
    this.#answer({kind: 'performed', id, result: 'failed', code, message});
  }
}
