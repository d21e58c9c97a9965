import {CLOSE_LOST} from './transport.js';
import type {Dial, Transport, TransportEvents} from './transport.js';

const HTTP_FIRST_MS = 10 * 60_000;
const PATIENCE_FOR_SOCKET_MS = 5_000;
const TRIES_OF_A_TRUSTED = 3;

/**
 * Dials over a WebSocket, and over plain HTTP where there is none or the network lets none pass.
 *
 * The network is taken to block WebSockets when one does not open, or ends before its first frame,
 * and no reason is given. A WebSocket that has once carried frames is trusted longer: most likely the
 * service restarts. Where HTTP has helped it comes first for a while.
 */
export function withFallback(socket: Dial | null, http: Dial, now: () => number = Date.now): Dial {
  let trusted = false;
  let failures = 0;
  let httpFirstUntil = 0;

  const isBlocked = (): boolean => {
    failures++;
    return !trusted || failures >= TRIES_OF_A_TRUSTED;
  };
  const putHttpFirst = (): void => {
    if (now() >= httpFirstUntil) {
      httpFirstUntil = now() + HTTP_FIRST_MS;
    }
  };

  const dialHttp = (events: TransportEvents): Transport => {
    let carries = false;
    return http({
      opened: () => {
        events.opened();
      },
      frame: (bytes) => {
        if (!carries) {
          carries = true;
          putHttpFirst();
        }
        events.frame(bytes);
      },
      closed: (code, reason) => {
        if (!carries) {
          httpFirstUntil = 0;
        }
        events.closed(code, reason);
      },
    });
  };

  const dialSocket = (dial: Dial, events: TransportEvents): Transport => {
    let stage: 'opening' | 'silent' | 'carries' = 'opening';
    let current: Transport;
    const fallBack = (): void => {
      if (isBlocked()) {
        current = dialHttp(events);
      } else {
        events.closed(CLOSE_LOST, '');
      }
    };
    const patience = setTimeout(() => {
      current.close(1000, '');
      fallBack();
    }, PATIENCE_FOR_SOCKET_MS);
    const silent = (): void => {
      if (stage === 'silent' && isBlocked()) {
        putHttpFirst();
      }
    };
    try {
      current = dial({
        opened: () => {
          clearTimeout(patience);
          stage = 'silent';
          events.opened();
        },
        frame: (bytes) => {
          stage = 'carries';
          trusted = true;
          failures = 0;
          events.frame(bytes);
        },
        closed: (code, reason) => {
          clearTimeout(patience);
          if (stage === 'opening' && reason === '') {
            fallBack();
            return;
          }
          if (reason === '') {
            silent();
          }
          events.closed(code, reason);
        },
      });
    } catch {
      // Some hosts have the class but let nobody use it.
      clearTimeout(patience);
      return dialHttp(events);
    }
    return {
      send: (frame) => {
        current.send(frame);
      },
      close: (code, reason) => {
        clearTimeout(patience);
        silent();
        current.close(code, reason);
      },
    };
  };

  return (events) => (socket === null || now() < httpFirstUntil ? dialHttp(events) : dialSocket(socket, events));
}
