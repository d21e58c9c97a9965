// @vitest-environment node
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {withFallback} from '../src/fallback.js';
import type {Dial, Transport, TransportEvents} from '../src/transport.js';

/** One way to dial, whose other end is the test. */
class Way {
  readonly closedWith: number[] = [];
  throws = false;
  #events: TransportEvents | null = null;
  readonly #log: string[];
  readonly #name: string;

  constructor(name: string, log: string[]) {
    this.#name = name;
    this.#log = log;
  }

  readonly dial: Dial = (events) => {
    this.#log.push(this.#name);
    if (this.throws) {
      throw new Error('not here');
    }
    this.#events = events;
    return {
      send: () => undefined,
      close: (code) => {
        this.closedWith.push(code);
      },
    };
  };

  opens(): void {
    this.#events?.opened();
  }

  tells(): void {
    this.#events?.frame(new Uint8Array([1]));
  }

  works(): void {
    this.opens();
    this.tells();
  }

  ends(code = 1006, reason = ''): void {
    this.#events?.closed(code, reason);
  }
}

let dialled: string[];
let seen: string[];
let socket: Way;
let http: Way;
let dial: () => Transport;

beforeEach(() => {
  vi.useFakeTimers();
  dialled = [];
  seen = [];
  socket = new Way('socket', dialled);
  http = new Way('http', dialled);
  use(withFallback(socket.dial, http.dial));
});

afterEach(() => {
  vi.useRealTimers();
});

function use(made: Dial): void {
  dial = () =>
    made({
      opened: () => seen.push('opened'),
      frame: () => seen.push('frame'),
      closed: (code, reason) => seen.push(`closed ${String(code)} ${reason}`),
    });
}

test('a WebSocket that works is all that is dialled', () => {
  dial();
  socket.works();
  socket.ends();
  dial();

  expect(dialled).toEqual(['socket', 'socket']);
  expect(seen).toEqual(['opened', 'frame', 'closed 1006 ']);
});

test('a WebSocket that does not open is replaced within the same dialling, and HTTP comes first from then on', () => {
  dial();
  socket.ends();
  http.works();
  http.ends();
  dial();

  expect(dialled).toEqual(['socket', 'http', 'http']);
  expect(seen).toEqual(['opened', 'frame', 'closed 1006 ']);
});

test('a WebSocket that hangs is given up after five seconds', () => {
  dial();
  vi.advanceTimersByTime(4_999);
  expect(dialled).toEqual(['socket']);
  vi.advanceTimersByTime(1);

  expect(dialled).toEqual(['socket', 'http']);
  expect(socket.closedWith).toHaveLength(1);
});

test('a WebSocket that has opened in time is not given up', () => {
  dial();
  socket.opens();
  vi.advanceTimersByTime(60_000);

  expect(dialled).toEqual(['socket']);
});

test.each([
  [
    'is cut',
    () => {
      socket.ends();
    },
  ],
  [
    'stays silent until it is given up',
    (made: Transport) => {
      made.close(4408, 'no welcome in time');
    },
  ],
])('a WebSocket that opens and %s before its first frame is replaced at the next dialling', (_, happens) => {
  const made = dial();
  socket.opens();
  happens(made);
  dial();

  expect(dialled).toEqual(['socket', 'http']);
});

test.each([
  [1008, 'the first frame on a link must be hello'],
  [4401, 'the log-in has ended'],
])('a service that closes with %i and a reason is not dialled in another way', (code, reason) => {
  dial();
  socket.opens();
  socket.ends(code, reason);
  dial();

  expect(dialled).toEqual(['socket', 'socket']);
  expect(seen).toEqual(['opened', `closed ${String(code)} ${reason}`]);
});

test('without WebSockets the link goes over HTTP at once', () => {
  use(withFallback(null, http.dial));
  dial();

  expect(dialled).toEqual(['http']);
});

test('where the class is there but cannot be used, too', () => {
  socket.throws = true;
  dial();
  http.works();

  expect(dialled).toEqual(['socket', 'http']);
  expect(seen).toEqual(['opened', 'frame']);
});

test('a WebSocket is tried again after ten minutes, however often HTTP was dialled since', () => {
  dial();
  socket.ends();
  http.works();
  for (let i = 0; i < 9; i++) {
    vi.advanceTimersByTime(60_000);
    http.ends();
    dial();
    http.works();
  }
  expect(dialled.slice(2)).toEqual(Array(9).fill('http'));
  vi.advanceTimersByTime(60_000);
  dial();

  expect(dialled.at(-1)).toBe('socket');
});

test('when HTTP fails too the WebSocket comes first again', () => {
  dial();
  socket.ends();
  http.works();
  http.ends();
  dial();
  http.ends();
  dial();

  expect(dialled).toEqual(['socket', 'http', 'http', 'socket']);
});

test('a WebSocket that has worked is given up at the third failure in a row only', () => {
  dial();
  socket.works();
  socket.ends();
  for (let i = 0; i < 3; i++) {
    dial();
    socket.ends();
  }

  expect(dialled).toEqual(['socket', 'socket', 'socket', 'socket', 'http']);
});

test('who closes while the second way is being dialled closes that one', () => {
  const made = dial();
  socket.ends();
  made.close(1000, 'done');

  expect(http.closedWith).toEqual([1000]);
});
