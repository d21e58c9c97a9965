import {FrameError} from './frames.js';
import {CLOSE_LOST} from './transport.js';
import type {Dial, TransportEvents} from './transport.js';

/**
 * What the workstation puts into the page of a web view. It carries frames as two texts, the header and the payload,
 * both JSON: the built-in browser hands texts over far faster than bytes.
 */
export interface Bridge {
  /** Begins a link over the one of the workstation; what becomes of it is told to the {@link BridgePage}. */
  open(): void;
  send(header: string, payload: string): void;
  close(): void;
}

/** What the workstation calls in the page, on the page's own thread and one call at a time. */
export interface BridgePage {
  opened(): void;
  /** The next piece of the payload of the frame to come. */
  piece(text: string): void;
  /** A frame is whole: its header, and the pieces before it as payload. */
  frame(header: string): void;
  closed(reason: string): void;
}

/** Carries frames over the link of the workstation, for a page that runs in its window. */
export class BridgeTransport {
  readonly #bridge: Bridge;
  #events: TransportEvents | null = null;
  #pieces: string[] = [];

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  readonly dial: Dial = (events) => {
    this.#events = events;
    this.#pieces = [];
    // Not within this call: its result is not known to the link yet.
    queueMicrotask(() => {
      if (this.#events === events) {
        this.#bridge.open();
      }
    });
    return {
      send: (frame) => {
        if (this.#events === events) {
          this.#bridge.send(...texts(frame));
        }
      },
      close: () => {
        if (this.#events === events) {
          this.#events = null;
          this.#bridge.close();
        }
      },
    };
  };

  readonly page: BridgePage = {
    opened: () => {
      this.#events?.opened();
    },
    piece: (text) => {
      this.#pieces.push(text);
    },
    frame: (header) => {
      const payload = this.#pieces.length === 1 ? (this.#pieces[0] ?? '') : this.#pieces.join('');
      this.#pieces = [];
      this.#events?.frame(bytes(header, payload));
    },
    closed: (reason) => {
      const events = this.#events;
      this.#events = null;
      events?.closed(CLOSE_LOST, reason);
    },
  };
}

function bytes(header: string, payload: string): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const head = encoder.encode(header);
  const body = encoder.encode(payload);
  const frame = new Uint8Array(4 + head.length + body.length);
  new DataView(frame.buffer).setUint32(0, head.length);
  frame.set(head, 4);
  frame.set(body, 4 + head.length);
  return frame;
}

function texts(frame: Uint8Array<ArrayBuffer>): [header: string, payload: string] {
  if (frame.length < 4) {
    throw new FrameError('A frame has no length of its header.');
  }
  const decoder = new TextDecoder();
  const length = new DataView(frame.buffer, frame.byteOffset).getUint32(0);
  return [decoder.decode(frame.subarray(4, 4 + length)), decoder.decode(frame.subarray(4 + length))];
}
