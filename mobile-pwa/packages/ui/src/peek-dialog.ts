import {css, html, LitElement} from 'lit';
import {customElement, property, query} from 'lit/decorators.js';
import './peek-button.js';
import {base} from './styles.js';

/**
 * A dialog over the page. The element that shows it sets `open`.
 *
 * @element peek-dialog
 * @slot - the content; the element with `data-focus-first` gets the focus
 * @slot actions - the buttons, the one that does it last
 * @fires peek-close - the user wants out: Escape, or the cross
 */
@customElement('peek-dialog')
export class PeekDialog extends LitElement {
  static override styles = [
    base,
    css`
      dialog {
        width: min(480px, calc(100vw - 32px));
        max-height: calc(100dvh - 32px);
        padding: 0;
        overflow: auto;
        border: 1px solid var(--peek-color-border);
        border-radius: var(--peek-radius-large);
        background: var(--peek-color-surface-raised);
        box-shadow: 0 16px 48px var(--peek-color-shadow);
        color: var(--peek-color-text);
      }

      dialog::backdrop {
        background: var(--peek-color-veil);
      }

      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--peek-space-2);
        padding: var(--peek-space-3) var(--peek-space-2) 0 var(--peek-space-4);
      }

      h2 {
        margin: 0;
        font-size: var(--peek-type-title);
        font-weight: 650;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }

      .content {
        padding: var(--peek-space-2) var(--peek-space-4) var(--peek-space-4);
      }

      footer {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--peek-space-2);
        padding: 0 var(--peek-space-4) var(--peek-space-4);
      }
    `,
  ];

  @property() heading = '';
  @property({type: Boolean}) open = false;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  override render(): unknown {
    return html`<dialog aria-labelledby="heading" @cancel=${this.#cancelled}>
      <header>
        <h2 id="heading">${this.heading}</h2>
        <peek-button variant="quiet" icon="close" label="Close" @click=${this.#leave}></peek-button>
      </header>
      <div class="content"><slot></slot></div>
      <footer><slot name="actions"></slot></footer>
    </dialog>`;
  }

  override updated(): void {
    if (this.open && !this.dialog.open) {
      this.dialog.showModal();
      void this.#focusFirst();
    } else if (!this.open && this.dialog.open) {
      this.dialog.close();
    }
  }

  // An element of ours can take the focus only once it has drawn its input.
  async #focusFirst(): Promise<void> {
    const first = this.querySelector<HTMLElement & {readonly updateComplete?: Promise<unknown>}>('[data-focus-first]');
    await first?.updateComplete;
    first?.focus();
  }

  #cancelled(event: Event): void {
    event.preventDefault();
    this.#leave();
  }

  #leave(): void {
    this.dispatchEvent(new Event('peek-close', {bubbles: true, composed: true}));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-dialog': PeekDialog;
  }
}
