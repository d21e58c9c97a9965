import type {VortexClient} from '@peek/vortex';
import {css, html, LitElement} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {IndexedDbIdentity} from './indexed-db-identity.js';
import {JoinError, Members} from './membership.js';
import type {Membership} from './membership.js';
import {dial} from './peek-app.js';
import './peek-join.js';

type Stage =
  | {readonly kind: 'asking'}
  | {readonly kind: 'unreachable'; readonly message: string}
  | {readonly kind: 'outside'; readonly note: string}
  | {readonly kind: 'inside'; readonly client: VortexClient; readonly until: number | null};

const CHECK_MS = 60_000;
/** A proof is made again when less than this is left, so that a device that sleeps a night comes back with one. */
const RENEW_BEFORE_MS = 6 * 3_600_000;

/**
 * The way into the app: a device that the service knows sees the app, another one the page on which it joins.
 *
 * @element peek-door
 */
@customElement('peek-door')
export class PeekDoor extends LitElement {
  static override styles = css`
    :host {
      display: block;
      height: 100dvh;
    }

    peek-error {
      max-width: 560px;
      margin: var(--peek-space-6) auto;
      padding: 0 var(--peek-space-4);
    }
  `;

  @property({attribute: false}) members = new Members(new IndexedDbIdentity());
  @property({attribute: false}) dial: () => VortexClient = dial;
  @state() private stage: Stage = {kind: 'asking'};
  #token = '';
  #timer: ReturnType<typeof setInterval> | undefined;
  #asking = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#takeToken();
    window.addEventListener('hashchange', this.#takeToken);
    this.#timer = setInterval(this.#check, CHECK_MS);
    void this.#enter();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#takeToken);
    clearInterval(this.#timer);
    this.#leaveTo({kind: 'asking'});
  }

  override render(): unknown {
    const {stage} = this;
    switch (stage.kind) {
      case 'asking':
        return html`<peek-spinner></peek-spinner>`;
      case 'unreachable':
        return html`<peek-error heading="Peek cannot be opened" .error=${stage}>
          <peek-button icon="reload" @click=${this.#enter}>Try again</peek-button>
        </peek-error>`;
      case 'outside':
        return html`<peek-join
          .members=${this.members}
          .token=${this.#token}
          .note=${stage.note}
          @peek-joined=${(event: CustomEvent<Membership>) => {
            this.#token = '';
            this.#letIn(event.detail);
          }}
        ></peek-join>`;
      case 'inside':
        return html`<peek-app .source=${stage.client}></peek-app>`;
    }
  }

  // The secret in it is good once, but must not stay in the address and the history for longer than needed.
  readonly #takeToken = (): void => {
    const token = /^#\/join\/(peek-[A-Za-z0-9_-]+)$/.exec(window.location.hash)?.[1];
    if (token !== undefined) {
      this.#token = token;
      window.history.replaceState(null, '', '#/');
      this.requestUpdate();
    }
  };

  readonly #enter = async (): Promise<void> => {
    try {
      this.#letIn(await this.members.enter());
    } catch (error) {
      this.#refused(error);
    }
  };

  #letIn(membership: Membership): void {
    if (membership.state === 'unknown') {
      this.#leaveTo({kind: 'outside', note: ''});
      return;
    }
    const until = membership.until === undefined ? null : new Date(membership.until).getTime();
    if (this.stage.kind === 'inside') {
      this.stage = {...this.stage, until};
      return;
    }
    const client = this.dial();
    client.onLink((link) => {
      if (link.kind === 'offline') {
        void this.#lost();
      }
    });
    this.stage = {kind: 'inside', client, until};
  }

  #refused(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof JoinError && error.isFinal) {
      this.#leaveTo({kind: 'outside', note: message});
    } else if (this.stage.kind !== 'inside') {
      this.stage = {kind: 'unreachable', message};
    }
    // Inside, the app says itself that it has no connection, and tries again.
  }

  // A service refuses a link without saying why to the page: whether the device is still known is asked for.
  async #lost(): Promise<void> {
    if (this.#asking || this.stage.kind !== 'inside' || this.stage.until === null) {
      return;
    }
    this.#asking = true;
    try {
      await this.#enter();
    } finally {
      this.#asking = false;
    }
  }

  readonly #check = (): void => {
    const {stage} = this;
    if (stage.kind === 'unreachable') {
      void this.#enter();
    } else if (stage.kind === 'inside' && stage.until !== null && stage.until - Date.now() < RENEW_BEFORE_MS) {
      void this.members.renew().then(
        (membership) => {
          this.#letIn(membership);
        },
        (error: unknown) => {
          this.#refused(error);
        },
      );
    }
  };

  #leaveTo(stage: Stage): void {
    if (this.stage.kind === 'inside') {
      this.stage.client.close();
    }
    this.stage = stage;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-door': PeekDoor;
  }
}
