import {css, html, LitElement} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import type {IconName} from './peek-icon.js';
import './peek-icon.js';
import {base} from './styles.js';

/**
 * Says that there is nothing yet and what to do about it.
 *
 * @element peek-empty
 * @slot - what to do, or a button that does it
 */
@customElement('peek-empty')
export class PeekEmpty extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: var(--peek-space-2);
        max-width: 42ch;
        margin: 0 auto;
        padding: var(--peek-space-6) var(--peek-space-4);
        color: var(--peek-color-text-muted);
        text-align: center;
      }

      peek-icon {
        font-size: 1.75rem;
      }

      strong {
        color: var(--peek-color-text);
        font-size: var(--peek-type-lead);
      }
    `,
  ];

  @property() heading = '';
  @property() icon: IconName = 'info';

  override render(): unknown {
    return html`<peek-icon .name=${this.icon}></peek-icon><strong>${this.heading}</strong><slot></slot>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-empty': PeekEmpty;
  }
}
