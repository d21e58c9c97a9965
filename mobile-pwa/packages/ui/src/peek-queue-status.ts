import {css, html, LitElement, nothing} from 'lit';
import type {PropertyValues} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';
import {confirm} from './confirm.js';
import './peek-button.js';
import './peek-dialog.js';
import './peek-icon.js';
import './peek-state.js';
import type {Tone} from './peek-state.js';
import {showToast} from './peek-toasts.js';
import {base} from './styles.js';

/** A change that waits on this device, as `@peek/vortex` lists it. */
export interface QueueRow {
  readonly id: string;
  readonly label: string;
  readonly at: number;
  readonly state: 'waiting' | 'sent' | 'rejected' | 'failed';
  readonly problem: {readonly message: string} | null;
}

/** The part of the queue of `@peek/vortex` that is shown. */
export interface QueueRows {
  readonly entries: readonly QueueRow[];
  onChange(listener: () => void): () => void;
  sendAgain(id: string): Promise<void>;
  discard(id: string): Promise<void>;
}

const WORDS: Record<QueueRow['state'], {readonly word: string; readonly tone: Tone}> = {
  waiting: {word: 'Waiting', tone: 'neutral'},
  sent: {word: 'Sending', tone: 'busy'},
  rejected: {word: 'Rejected', tone: 'bad'},
  failed: {word: 'Failed', tone: 'bad'},
};
// The dialog is for looking; a queue can be much longer.
const MOST_SHOWN = 200;

/**
 * Says how many changes wait on this device, and lists them when it is pressed. Stands in the app bar, and takes no
 * room while there are none.
 *
 * @element peek-queue-status
 */
@customElement('peek-queue-status')
export class PeekQueueStatus extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        flex: none;
      }

      .count {
        min-width: 20px;
        padding: 0 6px;
        border-radius: var(--peek-radius-round);
        background: var(--peek-color-bar-accent);
        color: #04222a;
        font-size: var(--peek-type-small);
        font-variant-numeric: tabular-nums;
        font-weight: 700;
        line-height: 20px;
        text-align: center;
      }

      .count.bad {
        background: #ff968c;
        color: #3a0905;
      }

      .hint {
        margin: 0 0 var(--peek-space-3);
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
      }

      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--peek-space-1) var(--peek-space-3);
        align-items: center;
        padding: var(--peek-space-3) 0;
        border-top: 1px solid var(--peek-color-border);
      }

      .label {
        overflow-wrap: anywhere;
        font-weight: 600;
      }

      .when,
      .why {
        margin: 0;
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
      }

      .why {
        grid-column: 1 / -1;
        overflow-wrap: anywhere;
      }

      .bad.why {
        color: var(--peek-color-danger);
      }

      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--peek-space-2);
        grid-column: 1 / -1;
      }

      .none {
        margin: 0;
        padding: var(--peek-space-4) 0;
        color: var(--peek-color-text-muted);
        text-align: center;
      }
    `,
  ];

  @property({attribute: false}) queue: QueueRows | null = null;
  @state() private open = false;
  #stop: (() => void) | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('queue')) {
      this.#follow();
    }
  }

  override render(): unknown {
    const entries = this.queue?.entries ?? [];
    const count = entries.length;
    const bad = entries.some((each) => each.state === 'rejected' || each.state === 'failed');
    const label = `${count === 1 ? '1 change' : `${count.toLocaleString()} changes`} on this device${bad ? ', some need attention' : ' not sent yet'}`;
    return html`${
        count === 0
          ? nothing
          : html`<peek-button variant="bar" .label=${label} data-testid="queue" @click=${this.#show}>
              <peek-icon .name=${bad ? 'warning' : 'upload'}></peek-icon>
              <span class="count ${bad ? 'bad' : ''}" data-testid="queue-count">${count.toLocaleString()}</span>
            </peek-button>`
      }
      <peek-dialog heading="Changes on this device" .open=${this.open} @peek-close=${this.#hide}>
        ${this.open ? this.#renderList(entries) : nothing}
      </peek-dialog>`;
  }

  #renderList(entries: readonly QueueRow[]): unknown {
    if (entries.length === 0) {
      return html`<p class="none" data-testid="queue-empty">All changes have been made.</p>`;
    }
    const more = entries.length - MOST_SHOWN;
    return html`<p class="hint">
        They are sent one after the other as soon as the service takes them, also after this page was closed.
      </p>
      <ol data-testid="queue-list">
        ${repeat(
          entries.slice(0, MOST_SHOWN),
          (each) => each.id,
          (each) => this.#renderEntry(each),
        )}
      </ol>
      ${more > 0 ? html`<p class="hint">And ${more.toLocaleString()} more.</p>` : nothing}`;
  }

  #renderEntry(entry: QueueRow): unknown {
    const {word, tone} = WORDS[entry.state];
    const over = entry.state === 'rejected' || entry.state === 'failed';
    return html`<li data-testid="queue-entry">
      <span class="label">${entry.label}</span>
      <peek-state .tone=${tone}>${word}</peek-state>
      <p class="when">${new Date(entry.at).toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'short'})}</p>
      ${entry.problem === null ? nothing : html`<p class="why ${over ? 'bad' : ''}">${entry.problem.message}</p>`}
      ${
        entry.state === 'sent'
          ? nothing
          : html`<div class="ways">
              <peek-button icon="reload" data-testid="queue-again" @click=${() => this.#sendAgain(entry)}>
                ${over ? 'Send again' : 'Send now'}
              </peek-button>
              <peek-button icon="trash" data-testid="queue-discard" @click=${() => this.#discard(entry)}>
                Discard
              </peek-button>
            </div>`
      }
    </li>`;
  }

  async #sendAgain(entry: QueueRow): Promise<void> {
    await this.#attempt(this.queue?.sendAgain(entry.id));
  }

  async #discard(entry: QueueRow): Promise<void> {
    const sure = await confirm({
      heading: 'Discard this change?',
      text: `“${entry.label}” will not be made. It cannot be brought back.`,
      yes: 'Discard',
      danger: true,
    });
    if (sure) {
      await this.#attempt(this.queue?.discard(entry.id));
    }
  }

  async #attempt(work: Promise<void> | undefined): Promise<void> {
    try {
      await work;
    } catch (error) {
      showToast(this, 'bad', error instanceof Error ? error.message : String(error));
    }
  }

  #follow(): void {
    this.#stop?.();
    this.#stop =
      this.queue?.onChange(() => {
        this.requestUpdate();
      }) ?? null;
  }

  readonly #show = (): void => {
    this.open = true;
  };

  readonly #hide = (): void => {
    this.open = false;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-queue-status': PeekQueueStatus;
  }
}
