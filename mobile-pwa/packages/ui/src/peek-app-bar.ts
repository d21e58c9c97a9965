import {css, html, LitElement} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {base} from './styles.js';

/**
 * The bar at the top of a page.
 *
 * @element peek-app-bar
 * @slot start - before the title: a logo or the way back
 * @slot - after the title: status and buttons
 */
@customElement('peek-app-bar')
export class PeekAppBar extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        flex: none;
        padding: env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left);
        background: var(--peek-color-bar);
        color: var(--peek-color-bar-text);
      }

      header {
        display: flex;
        align-items: center;
        gap: var(--peek-space-1);
        min-height: 56px;
        padding: 0 var(--peek-space-2);
      }

      h1 {
        flex: 1;
        min-width: 0;
        margin: 0 var(--peek-space-2);
        overflow: hidden;
        font-size: var(--peek-type-lead);
        font-weight: 600;
        letter-spacing: 0.01em;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  @property() heading = '';

  override render(): unknown {
    return html`<header>
      <slot name="start"></slot>
      <h1>${this.heading}</h1>
      <slot></slot>
    </header>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-app-bar': PeekAppBar;
  }
}
