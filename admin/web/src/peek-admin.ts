import {CLOSE_SESSION_OVER, sameOrigin, VortexClient} from '@peek/vortex';
import '@peek/ui';
import {css, html, LitElement} from 'lit';
import {customElement, state} from 'lit/decorators.js';
import './admin-frame.js';
import './admin-login.js';
import {currentSession, logOut} from './site.js';
import type {Session} from './site.js';

type Stage =
  | {readonly kind: 'asking'}
  | {readonly kind: 'unreachable'; readonly message: string}
  | {readonly kind: 'loggedOut'; readonly note: string}
  | {readonly kind: 'loggedIn'; readonly user: string; readonly client: VortexClient};

/**
 * The web admin: the log-in page until someone is logged in, then the pages.
 *
 * @element peek-admin
 */
@customElement('peek-admin')
export class PeekAdmin extends LitElement {
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

  @state() private stage: Stage = {kind: 'asking'};

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#ask();
  }

  override render(): unknown {
    const {stage} = this;
    switch (stage.kind) {
      case 'asking':
        return html`<peek-spinner></peek-spinner>`;
      case 'unreachable':
        return html`<peek-error heading="The admin site cannot be opened" .error=${stage}>
          <peek-button icon="reload" @click=${this.#ask}>Try again</peek-button>
        </peek-error>`;
      case 'loggedOut':
        return html`<admin-login .note=${stage.note} @admin-logged-in=${this.#ask}></admin-login>`;
      case 'loggedIn':
        return html`<admin-frame
            .source=${stage.client}
            .user=${stage.user}
            @admin-log-out=${this.#logOut}
            @admin-session-over=${this.#sessionOver}
          ></admin-frame>
          <peek-toasts></peek-toasts>`;
    }
  }

  async #ask(): Promise<void> {
    try {
      const session = await currentSession();
      if (session === null) {
        this.stage = {kind: 'loggedOut', note: ''};
      } else {
        this.#start(session);
      }
    } catch (error) {
      this.stage = {kind: 'unreachable', message: error instanceof Error ? error.message : String(error)};
    }
  }

  #start(session: Session): void {
    const client = new VortexClient({name: 'Peek admin', dial: sameOrigin()});
    client.onLink((link) => {
      if (link.kind === 'ended' && link.code === CLOSE_SESSION_OVER) {
        this.#sessionOver();
      } else if (link.kind === 'offline') {
        void this.#askAgain(client);
      }
    });
    client.connect();
    this.stage = {kind: 'loggedIn', user: session.user, client};
  }

  // A server that was restarted knows no sessions, and refuses links without saying why.
  async #askAgain(client: VortexClient): Promise<void> {
    const session = await currentSession().catch(() => undefined);
    if (session === null && this.stage.kind === 'loggedIn' && this.stage.client === client) {
      this.#sessionOver();
    }
  }

  readonly #sessionOver = (): void => {
    this.#leave('Your session is over. Log in again to continue.');
  };

  readonly #logOut = async (): Promise<void> => {
    try {
      await logOut();
      this.#leave('You are logged out.');
    } catch (error) {
      // Still logged in at the server: saying otherwise would be wrong.
      this.#leaveTo({kind: 'unreachable', message: error instanceof Error ? error.message : String(error)});
    }
  };

  #leave(note: string): void {
    this.#leaveTo({kind: 'loggedOut', note});
  }

  #leaveTo(stage: Stage): void {
    if (this.stage.kind === 'loggedIn') {
      this.stage.client.close();
    }
    this.stage = stage;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-admin': PeekAdmin;
  }
}
