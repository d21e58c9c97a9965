/** What becomes of a transport. Calls come one at a time, never before the dialling has returned. */
export interface TransportEvents {
  /** Frames can be sent from now on. */
  opened(): void;
  frame(bytes: Uint8Array<ArrayBuffer>): void;
  /**
   * The last call. Not made after one's own `close`.
   *
   * @param code as of the close of a WebSocket; 1006 when the connection was lost or never came about
   * @param reason a sentence of the other side, or nothing when the network cut the connection
   */
  closed(code: number, reason: string): void;
}

/** One connection that carries frames both ways, in order. */
export interface Transport {
  /** Sends a frame; only after `opened`. Frames that cannot be sent any more are dropped. */
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** Ends the connection, at any time; no event follows. */
  close(code: number, reason: string): void;
}

/** Begins to dial the service once. */
export type Dial = (events: TransportEvents) => Transport;

/** The part of a WebSocket that a transport needs. */
export interface SocketLike {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: {readonly data: unknown}) => void) | null;
  onclose: ((event: {readonly code: number; readonly reason: string}) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export const CLOSE_DONE = 1000;
export const CLOSE_LOST = 1006;
export const CLOSE_BROKEN = 4400;

// A reason of a WebSocket is at most 123 bytes.
const MAX_REASON_BYTES = 120;

/** Dials over WebSockets, each made by `open`. */
export function overWebSocket(open: () => SocketLike): Dial {
  return (events) => {
    const socket = open();
    const end = (code: number, reason: string): void => {
      // An error event tells nothing that a close does not.
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close(code, brief(reason));
    };
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      events.opened();
    };
    socket.onmessage = ({data}) => {
      if (data instanceof ArrayBuffer) {
        events.frame(new Uint8Array(data));
      } else {
        const reason = 'A message came as text; frames are binary.';
        end(CLOSE_BROKEN, reason);
        events.closed(CLOSE_BROKEN, reason);
      }
    };
    socket.onclose = ({code, reason}) => {
      end(CLOSE_DONE, '');
      events.closed(code, reason);
    };
    return {
      send: (frame) => {
        socket.send(frame);
      },
      close: end,
    };
  };
}

function brief(reason: string): string {
  const bytes = new TextEncoder().encode(reason).subarray(0, MAX_REASON_BYTES);
  return new TextDecoder().decode(bytes).replace(/\uFFFD$/, '');
}
