import {css, html, LitElement} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import type {IconName} from './peek-icon.js';
import './peek-icon.js';
import {base} from './styles.js';

/**
 * A bar across the page that says something about all of it.
 *
 * @element peek-notice
 * @slot - the sentence
 * @slot action - one button
 */
@customElement('peek-notice')
export class PeekNotice extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex: none;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--peek-space-2) var(--peek-space-3);
        min-height: 44px;
        padding: var(--peek-space-1) var(--peek-space-4);
        border-bottom: 1px solid var(--peek-color-border);
        background: var(--peek-color-accent-soft);
        color: var(--peek-color-text);
      }

      :host([tone='warning']) {
        background: var(--peek-color-warning-soft);
      }

      peek-icon {
        color: var(--peek-color-accent);
      }

      :host([tone='warning']) peek-icon {
        color: var(--peek-color-warning);
      }

      p {
        flex: 1;
        min-width: 12ch;
        margin: 0;
      }
    `,
  ];

  @property({reflect: true}) tone: 'info' | 'warning' = 'info';
  @property() icon: IconName = 'info';

  override render(): unknown {
    return html`<peek-icon .name=${this.icon}></peek-icon>
      <p role="status"><slot></slot></p>
      <slot name="action"></slot>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-notice': PeekNotice;
  }
}
