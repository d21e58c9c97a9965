import {css, html, LitElement} from 'lit';
import {customElement, state} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';
import './peek-button.js';
import './peek-icon.js';
import {base} from './styles.js';

export interface Toast {
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

declare global {
  interface HTMLElementEventMap {
    'peek-toast': CustomEvent<Toast>;
  }
}

/** Says a sentence for a few seconds, at the edge of the page that shows `from`. */
export function showToast(from: HTMLElement, tone: Toast['tone'], text: string): void {
  from.dispatchEvent(new CustomEvent<Toast>('peek-toast', {bubbles: true, composed: true, detail: {tone, text}}));
}

// Time to read: a second for every 15 letters, and no less than four.
const SHORTEST_MS = 4_000;
const MS_PER_LETTER = 70;

/**
 * Shows what elements of the page say with showToast(). There is one in each app.
 *
 * @element peek-toasts
 */
@customElement('peek-toasts')
export class PeekToasts extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        z-index: 10;
        right: 0;
        bottom: env(safe-area-inset-bottom);
        left: 0;
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: var(--peek-space-2);
        padding: var(--peek-space-4);
        pointer-events: none;
      }

      .toast {
        display: flex;
        align-items: center;
        gap: var(--peek-space-3);
        max-width: 560px;
        padding: var(--peek-space-1) var(--peek-space-1) var(--peek-space-1) var(--peek-space-4);
        border: 1px solid var(--peek-color-border);
        border-left: 4px solid var(--peek-color-success);
        border-radius: var(--peek-radius-medium);
        background: var(--peek-color-surface-raised);
        box-shadow: 0 6px 24px var(--peek-color-shadow);
        pointer-events: auto;
      }

      .bad {
        border-left-color: var(--peek-color-danger);
      }

      p {
        flex: 1;
        margin: var(--peek-space-2) 0;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @state() private toasts: readonly (Toast & {readonly id: number})[] = [];
  #count = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('peek-toast', this.#show);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('peek-toast', this.#show);
  }

  override render(): unknown {
    return html`${repeat(
      this.toasts,
      (toast) => toast.id,
      (toast) =>
        html`<div class="toast ${toast.tone}" role=${toast.tone === 'bad' ? 'alert' : 'status'} data-testid="toast">
          <p>${toast.text}</p>
          <peek-button
            variant="quiet"
            icon="close"
            label="Dismiss"
            data-testid="toast-close"
            @click=${() => {
              this.#drop(toast.id);
            }}
          ></peek-button>
        </div>`,
    )}`;
  }

  readonly #show = (event: Event): void => {
    const toast = (event as CustomEvent<Toast>).detail;
    this.#count++;
    const id = this.#count;
    this.toasts = [...this.toasts.slice(-2), {...toast, id}];
    setTimeout(
      () => {
        this.#drop(id);
      },
      Math.max(SHORTEST_MS, toast.text.length * MS_PER_LETTER),
    );
  };

  #drop(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-toasts': PeekToasts;
  }
}
