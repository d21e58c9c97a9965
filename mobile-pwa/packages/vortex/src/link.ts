import {decodeFrame, encodeFrame, FrameError, serviceHeader} from './frames.js';
import type {DeviceHeader, ServiceHeader} from './frames.js';
import {Pieces} from './pieces.js';
import type {LinkState} from './source.js';
import {CLOSE_BROKEN, CLOSE_DONE} from './transport.js';
import type {Dial, Transport} from './transport.js';

export interface LinkOptions {
  readonly dial: Dial;
  /** What this device is, for people. */
  readonly name: string;
  readonly random: () => number;
  readonly onState: (state: LinkState) => void;
  readonly onFrame: (header: ServiceHeader, payload: Uint8Array<ArrayBuffer>) => void;
}

const SILENCE_BEFORE_PING_MS = 15_000;
const PATIENCE_AFTER_PING_MS = 10_000;
// Long enough to try a second way when the first does not open.
const PATIENCE_FOR_OPENING_MS = 15_000;
const PATIENCE_FOR_WELCOME_MS = 10_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
// A link that breaks at once after its welcome must not be dialled in a tight loop.
const STEADY_AFTER_MS = 5_000;

/** The service closes with this code when the caller's session is over; dialling again is of no use. */
export const CLOSE_SESSION_OVER = 4401;
const CLOSE_SILENT = 4408;

/**
 * One link that dials again whenever it is lost. A transport that was given up never reports any more,
 * however late its events come.
 */
export class Link {
  readonly #options: LinkOptions;
  #state: LinkState = {kind: 'connecting', since: null};
  #transport: Transport | null = null;
  #pieces = new Pieces();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #onlineSince: number | null = null;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Dials, unless there is a link or one is being made. Also cuts a waiting time short. */
  connect(): void {
    if (this.#transport === null && this.#state.kind !== 'ended') {
      this.#dial();
    }
  }

  /** Sends a frame; the caller has seen that the link is online. */
  send(header: DeviceHeader, payload?: unknown): void {
    this.#transport?.send(encodeFrame(header, payload));
  }

  /** Takes the link as broken: closes the connection and dials again. */
  fail(error: FrameError): void {
    console.error(`Peek link closed: ${error.message}`, error);
    this.#give(CLOSE_BROKEN, error.message);
    this.#lost();
  }

  close(): void {
    this.#give(CLOSE_DONE, 'closed by the device');
    clearTimeout(this.#timer);
    this.#change({kind: 'ended', code: CLOSE_DONE, reason: 'closed by the device'});
  }

  #dial(): void {
    clearTimeout(this.#timer);
    this.#change({kind: 'connecting', since: this.#lostSince()});
    const still = (): boolean => transport !== null && this.#transport === transport;
    let transport: Transport | null = null;
    try {
      transport = this.#options.dial({
        opened: () => {
          if (still()) {
            this.send({kind: 'hello', protocol: 1, name: this.#options.name});
            this.#awaitWelcome();
          }
        },
        frame: (bytes) => {
          if (still()) {
            this.#heard(bytes);
          }
        },
        closed: (code, reason) => {
          if (still()) {
            this.#closed(code, reason);
          }
        },
      });
    } catch (error) {
      console.error('Peek link could not be dialled.', error);
      this.#lost();
      return;
    }
    this.#transport = transport;
    this.#pieces = new Pieces();
    this.#wait(PATIENCE_FOR_OPENING_MS, () => {
      this.#giveUpSilent('not open in time');
    });
  }

  #awaitWelcome(): void {
    this.#wait(PATIENCE_FOR_WELCOME_MS, () => {
      this.#giveUpSilent('no welcome in time');
    });
  }

  #closed(code: number, reason: string): void {
    this.#transport = null;
    if (code === CLOSE_SESSION_OVER) {
      clearTimeout(this.#timer);
      this.#change({kind: 'ended', code, reason});
    } else {
      if (code === CLOSE_BROKEN) {
        console.error(`Peek link closed: ${reason}`);
      }
      this.#lost();
    }
  }

  #heard(bytes: Uint8Array<ArrayBuffer>): void {
    try {
      this.#received(bytes);
    } catch (error) {
      if (!(error instanceof FrameError)) {
        throw error;
      }
      this.fail(error);
    }
  }

  #received(bytes: Uint8Array<ArrayBuffer>): void {
    const frame = decodeFrame(bytes);
    const header = serviceHeader(frame.header);
    if (header.kind === 'welcome') {
      if (header.protocol !== 1) {
        throw new FrameError(`The service speaks protocol ${String(header.protocol)}; this device speaks 1.`);
      }
      this.#onlineSince = Date.now();
      const {service, name, version, caller} = header;
      this.#listenForSilence();
      this.#change({kind: 'online', welcome: {service, name, version, caller}});
      return;
    }
    if (this.#state.kind === 'online') {
      this.#listenForSilence();
    }
    if (header.kind === 'part') {
      const whole = this.#pieces.take(header.frame, frame.payload, header.last);
      if (whole !== null) {
        this.#received(whole);
      }
      return;
    }
    if (header.kind === 'error') {
      console.warn(`Peek service did not understand a frame: ${header.code}: ${header.message}`);
    }
    this.#options.onFrame(header, frame.payload);
  }

  #listenForSilence(): void {
    this.#wait(SILENCE_BEFORE_PING_MS, () => {
      this.send({kind: 'ping'});
      this.#wait(PATIENCE_AFTER_PING_MS, () => {
        this.#giveUpSilent('nothing heard after a ping');
      });
    });
  }

  #giveUpSilent(reason: string): void {
    this.#give(CLOSE_SILENT, reason);
    this.#lost();
  }

  #lost(): void {
    if (this.#onlineSince !== null && Date.now() - this.#onlineSince >= STEADY_AFTER_MS) {
      this.#attempt = 0;
    }
    this.#onlineSince = null;
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempt);
    this.#attempt++;
    // Half of the waiting time is random, so that devices do not all come back in the same moment.
    const retryInMs = Math.round(longest * (0.5 + 0.5 * this.#options.random()));
    const since = this.#lostSince() ?? Date.now();
    this.#wait(retryInMs, () => {
      this.#dial();
    });
    this.#change({kind: 'offline', since, retryInMs});
  }

  #lostSince(): number | null {
    return this.#state.kind === 'connecting' || this.#state.kind === 'offline' ? this.#state.since : null;
  }

  #give(code: number, reason: string): void {
    const transport = this.#transport;
    this.#transport = null;
    transport?.close(code, reason);
  }

  #wait(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }

  #change(state: LinkState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
