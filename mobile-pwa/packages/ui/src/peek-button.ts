import {css, html, LitElement, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import type {IconName} from './peek-icon.js';
import './peek-icon.js';
import {base} from './styles.js';

/**
 * A button. Its click is the native one; with `type="submit"` it submits the form around it.
 *
 * @element peek-button
 * @slot - the text
 */
@customElement('peek-button')
export class PeekButton extends LitElement {
  static override shadowRootOptions: ShadowRootInit = {...LitElement.shadowRootOptions, delegatesFocus: true};

  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
      }

      :host([disabled]),
      :host([busy]) {
        pointer-events: none;
      }

      button {
        display: inline-flex;
        align-items: center;
        justify-content: center;
        gap: var(--peek-space-2);
        flex: 1;
        min-width: var(--peek-size-target);
        min-height: var(--peek-size-target);
        padding: 0 var(--peek-space-4);
        border: 1px solid var(--peek-color-border-strong);
        border-radius: var(--peek-radius-small);
        background: var(--peek-color-surface);
        color: var(--peek-color-text);
        font: 600 var(--peek-type-body) / 1.2 var(--peek-font-body);
        cursor: pointer;
        -webkit-tap-highlight-color: transparent;
        transition: background-color 120ms;
      }

      button:hover {
        background: var(--peek-color-hover);
      }

      button:disabled {
        opacity: 0.5;
        cursor: default;
      }

      .icon-only {
        padding: 0;
      }

      :host([variant='primary']) button {
        border-color: transparent;
        background: var(--peek-color-accent);
        color: var(--peek-color-on-accent);
      }

      :host([variant='primary']) button:hover {
        background: var(--peek-color-accent-hover);
      }

      :host([variant='danger']) button {
        border-color: transparent;
        background: var(--peek-color-danger);
        color: var(--peek-color-on-danger);
      }

      :host([variant='danger']) button:hover {
        background: var(--peek-color-danger-hover);
      }

      :host([variant='quiet']) button {
        border-color: transparent;
        background: transparent;
        color: inherit;
      }

      :host([variant='quiet']) button:hover {
        background: var(--peek-color-hover);
      }

      :host([variant='bar']) button {
        border-color: transparent;
        background: transparent;
        color: var(--peek-color-bar-text);
      }

      :host([variant='bar']) button:hover {
        background: var(--peek-color-bar-hover);
      }

      :host([variant='bar']) button:focus-visible {
        outline-color: var(--peek-color-bar-focus);
        outline-offset: -2px;
      }
    `,
  ];

  @property({reflect: true}) variant: 'plain' | 'primary' | 'danger' | 'quiet' | 'bar' = 'plain';
  @property() type: 'button' | 'submit' = 'button';
  @property() icon: IconName | '' = '';
  /** What the button does, when it shows an icon alone. */
  @property() label = '';
  @property({type: Boolean, reflect: true}) disabled = false;
  /** The work behind the button is under way. */
  @property({type: Boolean, reflect: true}) busy = false;

  override render(): unknown {
    const iconOnly = this.label !== '';
    return html`<button
      type="button"
      class=${iconOnly ? 'icon-only' : ''}
      ?disabled=${this.disabled || this.busy}
      aria-label=${iconOnly ? this.label : nothing}
      title=${iconOnly ? this.label : nothing}
      aria-busy=${this.busy ? 'true' : nothing}
      @click=${this.#clicked}
    >
      ${this.icon === '' ? nothing : html`<peek-icon .name=${this.icon}></peek-icon>`}<slot></slot>
    </button>`;
  }

  #clicked(): void {
    if (this.type === 'submit') {
      this.closest('form')?.requestSubmit();
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-button': PeekButton;
  }
}
