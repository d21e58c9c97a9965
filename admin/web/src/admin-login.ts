import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, query, state} from 'lit/decorators.js';
import type {PeekTextField} from '@peek/ui';
import {logIn} from './site.js';

/**
 * The log-in page.
 *
 * @element admin-login
 * @fires admin-logged-in - the server accepted the user
 */
@customElement('admin-login')
export class AdminLogin extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      height: 100%;
      place-items: center;
      overflow: auto;
      padding: var(--peek-space-4);
      box-sizing: border-box;
    }

    .box {
      width: 100%;
      max-width: 380px;
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

    .brand p {
      margin: 0;
      color: var(--peek-color-text-muted);
    }

    form {
      display: grid;
      gap: var(--peek-space-4);
    }

    .note {
      margin: 0 0 var(--peek-space-4);
      color: var(--peek-color-text-muted);
    }

    peek-button {
      margin-top: var(--peek-space-2);
    }
  `;

  /** Why the user is here, when it was not by choice. */
  @property() note = '';
  @state() private problem = '';
  @state() private busy = false;
  @query('[name=user]') private readonly user!: PeekTextField;
  @query('[name=password]') private readonly password!: PeekTextField;

  override render(): unknown {
    return html`<main class="box">
      <div class="brand">
        <img src="/icons/icon.svg" alt="" />
        <div>
          <h1>Peek admin</h1>
          <p>Log in to administer this system</p>
        </div>
      </div>
      <peek-card>
        ${this.note === '' ? nothing : html`<p class="note" role="status">${this.note}</p>`}
        <form data-testid="login-form" @submit=${this.#submitted}>
          <peek-text-field name="user" label="User" autocomplete="username" data-testid="login-user"></peek-text-field>
          <peek-text-field
            name="password"
            label="Password"
            type="password"
            autocomplete="current-password"
            data-testid="login-password"
          ></peek-text-field>
          ${
            this.problem === ''
              ? nothing
              : html`<peek-error .error=${{message: this.problem}} data-testid="login-error"></peek-error>`
          }
          <peek-button type="submit" variant="primary" .busy=${this.busy} data-testid="login-submit"
            >Log in</peek-button
          >
        </form>
      </peek-card>
    </main>`;
  }

  override firstUpdated(): void {
    void this.user.updateComplete.then(() => {
      this.user.focus();
    });
  }

  async #submitted(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) {
      return;
    }
    if (this.user.value === '' || this.password.value === '') {
      this.problem = 'Enter both user and password.';
      return;
    }
    this.busy = true;
    this.problem = '';
    try {
      await logIn(this.user.value, this.password.value);
      this.dispatchEvent(new Event('admin-logged-in', {bubbles: true, composed: true}));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      this.password.value = '';
      this.password.focus();
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-login': AdminLogin;
  }
}
