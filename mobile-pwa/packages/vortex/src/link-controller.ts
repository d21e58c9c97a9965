import type {ReactiveController, ReactiveControllerHost} from 'lit';
import type {LinkState, TupleSource} from './source.js';

/** Keeps an element informed of the link. */
export class LinkController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => TupleSource;
  #stop: (() => void) | null = null;

  constructor(host: ReactiveControllerHost, source: () => TupleSource) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  get state(): LinkState {
    return this.#source().link;
  }

  hostConnected(): void {
    this.#stop = this.#source().onLink(() => {
      this.#host.requestUpdate();
    });
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = null;
  }
}
