import type {PeekTextField} from '@peek/ui';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, query, state} from 'lit/decorators.js';
import {readToken} from './membership.js';
import type {Members, Membership} from './membership.js';

/**
 * The page of a device that has not joined yet.
 *
 * @element peek-join
 * @fires peek-joined - the device has joined; `detail` is what it is now
 */
@customElement('peek-join')
export class PeekJoin extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      height: 100dvh;
      place-items: center;
      overflow: auto;
      padding: var(--peek-space-4);
      box-sizing: border-box;
    }

    main {
      width: 100%;
      max-width: 420px;
    }

    .brand {
      display: flex;
      align-items: center;
      gap: var(--peek-space-3);
      margin-bottom: var(--peek-space-5);
    }

    .brand img {
      width: 48px;
      height: 48px;
    }

    h1 {
      margin: 0;
      font-size: var(--peek-type-display);
      font-weight: 650;
      line-height: 1.2;
    }

    p {
      margin: 0;
      color: var(--peek-color-text-muted);
    }

    form {
      display: grid;
      gap: var(--peek-space-4);
    }

    .note {
      color: var(--peek-color-text);
    }
  `;

  @property({attribute: false}) members!: Members;
  /** A token that came with the address. */
  @property() token = '';
  /** Why the device is here although it had joined. */
  @property() note = '';
  @state() private problem = '';
  @state() private busy = false;
  @query('[name=token]') private readonly tokenField!: PeekTextField | null;
  @query('[name=name]') private readonly nameField!: PeekTextField | null;

  override render(): unknown {
    const given = readToken(this.token);
    return html`<main>
      <div class="brand">
        <img src="/icons/icon.svg" alt="" />
        <div>
          <h1>Join Peek</h1>
          <p>This device is not known here yet</p>
        </div>
      </div>
      <peek-card>
        <form data-testid="join-form" @submit=${this.#submitted}>
          ${this.note === '' ? nothing : html`<p class="note" role="status" data-testid="join-note">${this.note}</p>`}
          ${
            given === null
              ? html`<p>
                    An administrator makes a token or a QR code for it. Scan the code with this device, or enter the
                    token here.
                  </p>
                  <peek-text-field
                    name="token"
                    label="Token"
                    placeholder="peek-…"
                    .value=${this.token}
                    data-testid="join-token"
                  ></peek-text-field>`
              : html`<p data-testid="join-given">
                  An administrator lets this device join${given.name === null ? '.' : ` as “${given.name}”.`}
                </p>`
          }
          ${
            given?.name != null
              ? nothing
              : html`<peek-text-field
                  name="name"
                  label="Name of this device"
                  placeholder="Ann’s phone"
                  hint="Administrators see it."
                  data-testid="join-name"
                ></peek-text-field>`
          }
          ${
            this.problem === ''
              ? nothing
              : html`<peek-error .error=${{message: this.problem}} data-testid="join-error"></peek-error>`
          }
          <peek-button type="submit" variant="primary" .busy=${this.busy} data-testid="join-submit">Join</peek-button>
        </form>
      </peek-card>
    </main>`;
  }

  async #submitted(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) {
      return;
    }
    const token = readToken(this.tokenField?.value ?? this.token);
    const name = (this.nameField?.value ?? token?.name ?? '').trim();
    if (token === null) {
      this.problem = 'This is no whole token for a device. Copy it again, from "peek-" to its end.';
      return;
    }
    if (name === '') {
      this.problem = 'Enter a name for this device.';
      return;
    }
    this.busy = true;
    this.problem = '';
    try {
      const detail = await this.members.join(token, name);
      this.dispatchEvent(new CustomEvent<Membership>('peek-joined', {detail, bubbles: true, composed: true}));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-join': PeekJoin;
  }
}
