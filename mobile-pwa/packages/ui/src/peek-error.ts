import {css, html, LitElement, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import './peek-icon.js';
import {base} from './styles.js';

/**
 * Says that something failed, in the place where it would have been.
 *
 * @element peek-error
 * @slot - buttons that help
 */
@customElement('peek-error')
export class PeekError extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }

      div {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: var(--peek-space-1) var(--peek-space-3);
        padding: var(--peek-space-4);
        border: 1px solid var(--peek-color-danger);
        border-radius: var(--peek-radius-medium);
        background: var(--peek-color-danger-soft);
        color: var(--peek-color-text);
      }

      peek-icon {
        margin-top: 2px;
        color: var(--peek-color-danger);
      }

      strong,
      p,
      ::slotted(*) {
        grid-column: 2;
      }

      p {
        margin: 0;
        overflow-wrap: anywhere;
      }

      ::slotted(*) {
        justify-self: start;
        margin-top: var(--peek-space-2);
      }
    `,
  ];

  @property() heading = '';
  @property({attribute: false}) error: {readonly message: string} | null = null;

  override render(): unknown {
    return html`<div role="alert">
      <peek-icon name="warning"></peek-icon>
      ${this.heading === '' ? nothing : html`<strong>${this.heading}</strong>`}
      <p>${this.error?.message}</p>
      <slot></slot>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-error': PeekError;
  }
}
