import type {TupleSource} from '@peek/vortex';
import {showToast} from '@peek/ui';
import type {Choice} from '@peek/ui';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import './qr-code.js';

/** A token as the server has made it. */
interface TokenMade {
  readonly text: string;
  readonly link: string | null;
  readonly code: readonly string[];
  readonly expiresAt: string;
  readonly warning: string | null;
}

type Step =
  | {readonly kind: 'asking'; readonly problem: string}
  | {readonly kind: 'making'}
  | {readonly kind: 'made'; readonly token: TokenMade};

const KINDS: readonly Choice[] = [
  {value: 'device', label: 'A phone, tablet or browser'},
  {value: 'client', label: 'A client service on another machine'},
  {value: 'agent', label: 'An agent on another machine'},
  {value: 'worker', label: 'A worker on another machine'},
];

/**
 * The dialog in which a token is made and handed on.
 *
 * @element admin-token
 * @fires peek-close - the user is done
 */
@customElement('admin-token')
export class AdminToken extends LitElement {
  static override styles = css`
    form,
    .made {
      display: grid;
      gap: var(--peek-space-4);
    }

    p {
      margin: 0;
    }

    .muted {
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
    }

    .warning,
    .problem {
      padding: var(--peek-space-2) var(--peek-space-3);
      border-radius: var(--peek-radius-small);
      background: var(--peek-color-warning-soft);
    }

    .problem {
      color: var(--peek-color-danger);
    }

    .copy {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: center;
      gap: var(--peek-space-1) var(--peek-space-2);
    }

    .copy .muted {
      grid-column: 1 / -1;
    }

    code {
      max-height: 5.2em;
      padding: var(--peek-space-2) var(--peek-space-3);
      border: 1px solid var(--peek-color-border);
      border-radius: var(--peek-radius-small);
      overflow: auto;
      background: var(--peek-color-surface-sunken);
      font-family: var(--peek-font-mono, monospace);
      font-size: var(--peek-type-small);
      line-height: 1.4;
      overflow-wrap: anywhere;
      user-select: all;
    }

    qr-code {
      width: min(260px, 100%);
      margin: 0 auto;
    }

    .time {
      font-variant-numeric: tabular-nums;
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @state() private step: Step = {kind: 'asking', problem: ''};
  @state() private now = Date.now();
  #party = 'device';
  #name = '';
  #host = reachedBy();
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      this.now = Date.now();
    }, 1_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): unknown {
    const {step} = this;
    return step.kind === 'made' ? this.#renderMade(step.token) : this.#renderForm(step);
  }

  #renderForm(step: Step): unknown {
    const busy = step.kind === 'making';
    const device = this.#party === 'device';
    return html`<peek-dialog heading="Let something join" .open=${true} data-testid="token-dialog">
      <form @submit=${this.#make}>
        <peek-select
          data-focus-first
          label="What is to join?"
          .choices=${KINDS}
          .value=${this.#party}
          data-testid="token-kind"
          @peek-input=${(event: Event) => {
            this.#party = (event.target as HTMLElement & {value: string}).value;
            this.requestUpdate();
          }}
        ></peek-select>
        <peek-text-field
          label="Name"
          .value=${this.#name}
          placeholder=${device ? 'Ann’s phone' : 'depot'}
          hint=${device ? 'Left empty, the device asks for it.' : 'Left empty, it is called after its machine.'}
          data-testid="token-name"
          @peek-input=${(event: Event) => {
            this.#name = (event.target as HTMLElement & {value: string}).value;
          }}
        ></peek-text-field>
        <peek-text-field
          label="How this machine is reached"
          .value=${this.#host}
          placeholder="peek.example or 192.168.0.10"
          hint="Left empty, the token names the addresses that this machine knows of itself."
          data-testid="token-host"
          @peek-input=${(event: Event) => {
            this.#host = (event.target as HTMLElement & {value: string}).value;
          }}
        ></peek-text-field>
        ${
          step.kind === 'asking' && step.problem !== ''
            ? html`<p class="problem" role="alert" data-testid="token-problem">${step.problem}</p>`
            : nothing
        }
      </form>
      <peek-button slot="actions" @click=${this.#leave}>Cancel</peek-button>
      <peek-button slot="actions" variant="primary" ?disabled=${busy} data-testid="token-make" @click=${this.#make}
        >Make a token</peek-button
      >
    </peek-dialog>`;
  }

  #renderMade(token: TokenMade): unknown {
    const left = Math.ceil((new Date(token.expiresAt).getTime() - this.now) / 1_000);
    const device = this.#party === 'device';
    return html`<peek-dialog heading="The token is made" .open=${true} data-testid="token-dialog">
      <div class="made">
        ${token.warning == null ? nothing : html`<p class="warning" data-testid="token-warning">${token.warning}</p>`}
        ${
          token.code.length === 0
            ? nothing
            : html`<qr-code .lines=${token.code} label="QR code of the link" data-testid="token-code"></qr-code>
                <p>Scan this with the camera of the device, or open the link on it.</p>`
        }
        ${token.link == null ? nothing : this.#renderCopy('Link for the browser of the device', token.link, 'link')}
        ${
          device
            ? this.#renderCopy('Token, to be entered on the page of the device', token.text, 'text')
            : this.#renderCopy('Run this once on the other machine', `peek join ${token.text}`, 'text')
        }
        <p class="muted" data-testid="token-left">
          ${
            left > 0
              ? html`It can be used once, within the next
                  <span class="time">${String(Math.floor(left / 60))}:${String(left % 60).padStart(2, '0')}</span>
                  minutes. It is not shown again.`
              : 'It has expired. Close this and make a new one.'
          }
        </p>
      </div>
      <peek-button slot="actions" variant="primary" data-testid="token-done" @click=${this.#leave}>Done</peek-button>
    </peek-dialog>`;
  }

  #renderCopy(label: string, text: string, id: string): unknown {
    return html`<div class="copy">
      <span class="muted">${label}</span>
      <code data-testid="token-${id}">${text}</code>
      <peek-button data-testid="copy-${id}" @click=${(event: Event) => this.#copy(event, text)}>Copy</peek-button>
    </div>`;
  }

  async #copy(event: Event, text: string): Promise<void> {
    const box = (event.currentTarget as HTMLElement).previousElementSibling;
    try {
      await navigator.clipboard.writeText(text);
      showToast(this, 'good', 'It is copied.');
    } catch {
      // Without TLS that it trusts, a browser keeps the clipboard to itself.
      if (box !== null) {
        window.getSelection()?.selectAllChildren(box);
      }
      showToast(this, 'bad', 'The browser does not let this page copy. The text is marked: copy it yourself.');
    }
  }

  readonly #make = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (this.step.kind === 'making') {
      return;
    }
    this.step = {kind: 'making'};
    const name = this.#name.trim();
    const host = this.#host.trim();
    try {
      const outcome = await this.source.act({
        type: 'admin.MakeToken',
        fields: {kind: this.#party, name: name === '' ? null : name, host: host === '' ? null : host},
      });
      this.now = Date.now();
      this.step =
        outcome.kind === 'applied'
          ? {kind: 'made', token: outcome.values[0] as TokenMade}
          : {kind: 'asking', problem: outcome.message};
    } catch (error) {
      this.step = {kind: 'asking', problem: error instanceof Error ? error.message : String(error)};
    }
  };

  readonly #leave = (): void => {
    this.dispatchEvent(new Event('peek-close', {bubbles: true, composed: true}));
  };
}

/** The host by which this browser has reached the server, when others may use it too. */
function reachedBy(): string {
  const {hostname} = window.location;
  return /^(localhost|127\..*|\[::1\])$/.test(hostname) ? '' : hostname;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-token': AdminToken;
  }
}
