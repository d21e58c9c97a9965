import {FrameError, parseJson} from './frames.js';
import type {DeviceHeader, ServiceHeader} from './frames.js';
import {applyDelta, applySnapshot, DeltaMismatch, NO_CHANGE, NO_ROWS, readDelta, readSnapshot} from './rows.js';
import type {RowChange, RowSet} from './rows.js';
import type {Problem, TupleListener, TupleUpdate} from './source.js';

/** Unpacks gzip. Given by the host where a browser's own is missing. */
export type Inflate = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;

export interface ObservablePort {
  readonly send: (header: DeviceHeader) => void;
  readonly inflate: Inflate;
  readonly broken: (error: FrameError) => void;
}

type PayloadHeader = Extract<ServiceHeader, {kind: 'snapshot' | 'delta' | 'current' | 'problem'}>;

interface Position {
  readonly epoch: string;
  readonly version: number;
}

/**
 * The rows of one selector on this device and everyone who observes them.
 *
 * Frames take effect in the order they came, also when one of them has to be unpacked first. What a
 * link of the past left behind is dropped: the next link continues at the position held.
 */
export class Observable {
  readonly selector: string;
  readonly #port: ObservablePort;
  readonly #listeners = new Set<TupleListener<unknown>>();
  #rows: RowSet = NO_ROWS;
  #told = false;
  #position: Position | null = null;
  #problem: Problem | null = null;
  #link = 0;
  #unpacking: Promise<void> | null = null;

  constructor(selector: string, port: ObservablePort) {
    this.selector = selector;
    this.#port = port;
  }

  get observed(): boolean {
    return this.#listeners.size > 0;
  }

  add(listener: TupleListener<unknown>): void {
    this.#listeners.add(listener);
    if (this.#told) {
      listener({kind: 'rows', rows: this.#rows.rows, added: this.#rows.rows, changed: [], removed: []});
    }
    if (this.#problem !== null) {
      listener({kind: 'problem', problem: this.#problem});
    }
  }

  remove(listener: TupleListener<unknown>): void {
    this.#listeners.delete(listener);
  }

  /** A new link is there: continue from what is held. */
  observe(): void {
    this.#link++;
    this.#unpacking = null;
    this.#port.send({kind: 'observe', selector: this.selector, ...(this.#position ?? {})});
  }

  receive(header: PayloadHeader, payload: Uint8Array<ArrayBuffer>): void {
    const packed = (header.kind === 'snapshot' || header.kind === 'delta') && header.gzip;
    if (!packed && this.#unpacking === null) {
      this.#apply(header, payload);
      return;
    }
    const link = this.#link;
    const work: Promise<void> = (this.#unpacking ?? Promise.resolve())
      .then(() => (packed && link === this.#link ? this.#port.inflate(payload) : payload))
      .then((bytes) => {
        if (link === this.#link) {
          this.#apply(header, bytes);
        }
      })
      .catch((error: unknown) => {
        if (link === this.#link) {
          this.#port.broken(
            error instanceof FrameError ? error : new FrameError('A payload could not be unpacked.', {cause: error}),
          );
        }
      })
      .finally(() => {
        if (this.#unpacking === work) {
          this.#unpacking = null;
        }
      });
    this.#unpacking = work;
  }

  #apply(header: PayloadHeader, payload: Uint8Array<ArrayBuffer>): void {
    switch (header.kind) {
      case 'snapshot': {
        const next = readSnapshot(parseJson(payload, 'payload'));
        const {after, change} = applySnapshot(this.#rows, next);
        this.#take(after, change, header);
        break;
      }
      case 'delta':
        this.#applyDelta(header, payload);
        break;
      case 'current':
        if (this.#position?.epoch !== header.epoch || this.#position.version !== header.version) {
          this.#startOver();
        } else if (this.#problem !== null) {
          this.#take(this.#rows, NO_CHANGE, header);
        }
        break;
      case 'problem':
        this.#problem = {code: header.code, message: header.message};
        this.#tell({kind: 'problem', problem: this.#problem});
        break;
    }
  }

  #applyDelta(header: Extract<PayloadHeader, {kind: 'delta'}>, payload: Uint8Array<ArrayBuffer>): void {
    if (this.#position === null) {
      // A snapshot is on its way; what was sent before it is of no use.
      return;
    }
    if (this.#position.epoch !== header.epoch || this.#position.version !== header.from) {
      this.#startOver();
      return;
    }
    try {
      const {after, change} = applyDelta(this.#rows, readDelta(parseJson(payload, 'payload')));
      this.#take(after, change, header);
    } catch (error) {
      if (!(error instanceof DeltaMismatch)) {
        throw error;
      }
      console.warn(`Peek rows of ${this.selector} are asked for again: ${error.message}`);
      this.#startOver();
    }
  }

  // The rows stay on display, and are what the snapshot to come is compared with.
  #startOver(): void {
    if (this.#position === null) {
      return;
    }
    this.#position = null;
    this.#port.send({kind: 'observe', selector: this.selector});
  }

  #take(rows: RowSet, change: RowChange, position: Position): void {
    this.#rows = rows;
    this.#told = true;
    this.#problem = null;
    this.#position = {epoch: position.epoch, version: position.version};
    this.#tell({kind: 'rows', rows: rows.rows, ...change});
  }

  #tell(update: TupleUpdate<unknown>): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(update);
      } catch (error) {
        // One view's mistake must not keep the rows from the others.
        console.error(`A listener of ${this.selector} failed.`, error);
      }
    }
  }
}
