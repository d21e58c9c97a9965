import {FrameError} from './frames.js';
import {CLOSE_BROKEN, CLOSE_LOST} from './transport.js';
import type {Dial, Transport, TransportEvents} from './transport.js';

/** What follows each other in the bodies of HTTP; docs/developer/wire-format.md is the contract. */
export type HttpRecord =
  | {readonly kind: 'content'; readonly bytes: Uint8Array<ArrayBuffer>}
  /** The service asks whether this side is there. */
  | {readonly kind: 'question'}
  | {readonly kind: 'end'; readonly code: number; readonly reason: string};

const END = 0xffffffff;
const MAX_RECORD = 32 * 1024 * 1024;
const MAX_REASON = 1024;
const BATCH_BYTES = 64 * 1024;
const ANSWER_MS = 20_000;
// A request may be sent again as often as it takes: the service knows it by its number.
const RETRIES_MS = [200, 1_000];
const CLOSE_REFUSED = 1008;
const GONE = 410;

/** Reads records from chunks that are cut anywhere. */
export class HttpRecords {
  #chunks: Uint8Array[] = [];
  #held = 0;
  #expects: 'length' | 'content' | 'endLength' | 'end' = 'length';
  #wanted = 4;

  /** Takes a chunk and answers what is complete with it. */
  *take(chunk: Uint8Array): Generator<HttpRecord> {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    while (this.#held >= this.#wanted) {
      const bytes = this.#next(this.#wanted);
      switch (this.#expects) {
        case 'length': {
          const length = word(bytes);
          if (length === 0) {
            yield {kind: 'question'};
          } else if (length === END) {
            this.#expect('endLength', 4);
          } else {
            this.#expect('content', checked(length, MAX_RECORD));
          }
          break;
        }
        case 'content':
          this.#expect('length', 4);
          yield {kind: 'content', bytes};
          break;
        case 'endLength':
          this.#expect('end', checked(word(bytes), MAX_REASON));
          break;
        case 'end':
          this.#expect('length', 4);
          yield {
            kind: 'end',
            code: bytes.length < 2 ? CLOSE_LOST : new DataView(bytes.buffer).getUint16(0),
            reason: new TextDecoder().decode(bytes.subarray(2)),
          };
      }
    }
  }

  #expect(what: 'length' | 'content' | 'endLength' | 'end', bytes: number): void {
    this.#expects = what;
    this.#wanted = bytes;
  }

  #next(count: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(count);
    let at = 0;
    let used = 0;
    while (at < count) {
      const chunk = this.#chunks[used] ?? new Uint8Array();
      const part = chunk.subarray(0, count - at);
      bytes.set(part, at);
      at += part.length;
      if (part.length < chunk.length) {
        this.#chunks[used] = chunk.subarray(part.length);
      } else {
        used++;
      }
    }
    this.#chunks.splice(0, used);
    this.#held -= count;
    return bytes;
  }
}

/** Dials over plain HTTP: one answer that never ends carries frames here, requests carry them back. */
export function overHttp(url: string | URL): Dial {
  return (events) => {
    const transport = new HttpTransport(String(url), events);
    void transport.run();
    return transport;
  };
}

class HttpTransport implements Transport {
  readonly #url: string;
  readonly #events: TransportEvents;
  readonly #abort = new AbortController();
  readonly #records = new HttpRecords();
  #target: string | null = null;
  #waiting: Uint8Array[] = [];
  #asked = false;
  #carrying = false;
  #sequence = 0;
  // Nothing is told and nothing new is sent any more.
  #ended = false;

  constructor(url: string, events: TransportEvents) {
    this.#url = url;
    this.#events = events;
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (!this.#ended) {
      this.#waiting.push(content(frame));
      void this.#carry();
    }
  }

  close(code: number, reason: string): void {
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    this.#waiting.push(end(code, reason));
    // After what was sent before, so that the service learns of the end.
    void this.#carry().finally(() => {
      this.#abort.abort();
    });
  }

  async run(): Promise<void> {
    // Not earlier than the dialling has returned.
    await Promise.resolve();
    try {
      const answer = await fetch(this.#url, {
        method: 'POST',
        headers: {'X-Peek-Request': '1'},
        cache: 'no-store',
        signal: this.#abort.signal,
      });
      if (isType(answer, 'application/octet-stream') && answer.ok && answer.body !== null) {
        await this.#read(answer.body.getReader());
      } else if (isType(answer, 'application/json') && !answer.ok) {
        const {message} = (await answer.json()) as {message?: unknown};
        this.#closed(CLOSE_REFUSED, String(message));
      }
    } catch (error) {
      if (error instanceof FrameError) {
        this.#closed(CLOSE_BROKEN, error.message);
      }
      // Anything else is the network's doing.
    }
    this.#closed(CLOSE_LOST, '');
  }

  async #read(stream: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    for (let chunk = await stream.read(); !chunk.done; chunk = await stream.read()) {
      for (const record of this.#records.take(chunk.value)) {
        if (this.#ended) {
          return;
        }
        this.#received(record);
      }
    }
  }

  #received(record: HttpRecord): void {
    switch (record.kind) {
      case 'content':
        if (this.#target === null) {
          this.#target = `${this.#url}/${new TextDecoder().decode(record.bytes)}`;
          this.#events.opened();
        } else {
          this.#events.frame(record.bytes);
        }
        break;
      case 'question':
        this.#asked = true;
        void this.#carry();
        break;
      case 'end':
        this.#closed(record.code, record.reason);
    }
  }

  /** Carries up what waits, one request after the other. */
  async #carry(): Promise<void> {
    if (this.#carrying || this.#target === null) {
      return;
    }
    this.#carrying = true;
    while (this.#waiting.length > 0 || this.#asked) {
      this.#asked = false;
      this.#sequence++;
      if (!(await this.#post(this.#target, this.#batch()))) {
        this.#waiting = [];
        this.#closed(CLOSE_LOST, '');
      }
    }
    this.#carrying = false;
  }

  #batch(): Uint8Array<ArrayBuffer> {
    let count = 1;
    let size = this.#waiting[0]?.length ?? 0;
    for (; count < this.#waiting.length; count++) {
      const next = this.#waiting[count]?.length ?? 0;
      if (size + next > BATCH_BYTES) {
        break;
      }
      size += next;
    }
    return joined(this.#waiting.splice(0, count));
  }

  async #post(target: string, body: Uint8Array<ArrayBuffer>): Promise<boolean> {
    for (let tries = 0; ; tries++) {
      const status = await this.#try(target, body);
      // A link that has ended says why at the end of its answer.
      if (status < 300 || status === GONE) {
        return true;
      }
      const wait = RETRIES_MS[tries];
      if (status < 500 || wait === undefined || this.#ended) {
        return false;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** Answers the status, or 503 when no answer came. */
  async #try(target: string, body: Uint8Array<ArrayBuffer>): Promise<number> {
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort();
    }, ANSWER_MS);
    try {
      const answer = await fetch(target, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/octet-stream',
          'X-Peek-Request': '1',
          'X-Peek-Sequence': String(this.#sequence),
        },
        cache: 'no-store',
        body,
        signal: limit.signal,
      });
      return answer.status;
    } catch {
      return 503;
    } finally {
      clearTimeout(timer);
    }
  }

  #closed(code: number, reason: string): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#waiting = [];
      this.#abort.abort();
      this.#events.closed(code, reason);
    }
  }
}

function isType(answer: Response, type: string): boolean {
  return answer.headers.get('Content-Type')?.startsWith(type) ?? false;
}

function content(frame: Uint8Array): Uint8Array {
  return joined([wordBytes(frame.length), frame]);
}

function end(code: number, reason: string): Uint8Array {
  const text = new TextEncoder().encode(reason).subarray(0, MAX_REASON - 2);
  const bytes = joined([new Uint8Array(2), text]);
  new DataView(bytes.buffer).setUint16(0, code);
  return joined([wordBytes(END), wordBytes(bytes.length), bytes]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function wordBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function word(bytes: Uint8Array<ArrayBuffer>): number {
  return new DataView(bytes.buffer).getUint32(0);
}

function checked(length: number, max: number): number {
  if (length > max) {
    throw new FrameError(`A record claims ${String(length)} bytes; ${String(max)} are the most.`);
  }
  return length;
}
