import {css, html, LitElement, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {base} from './styles.js';

/**
 * A piece of a page with a heading.
 *
 * @element peek-card
 * @slot - the content
 * @slot actions - buttons beside the heading
 */
@customElement('peek-card')
export class PeekCard extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        border: 1px solid var(--peek-color-border);
        border-radius: var(--peek-radius-large);
        background: var(--peek-color-surface);
      }

      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--peek-space-2) var(--peek-space-3);
        padding: var(--peek-space-3) var(--peek-space-4) 0;
      }

      h2 {
        margin: var(--peek-space-1) 0;
        font-size: var(--peek-type-lead);
        font-weight: 650;
      }

      .content {
        padding: var(--peek-space-3) var(--peek-space-4) var(--peek-space-4);
      }
    `,
  ];

  @property() heading = '';

  override render(): unknown {
    return html`<section aria-label=${this.heading === '' ? nothing : this.heading}>
      ${
        this.heading === ''
          ? nothing
          : html`<header>
              <h2>${this.heading}</h2>
              <slot name="actions"></slot>
            </header>`
      }
      <div class="content"><slot></slot></div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-card': PeekCard;
  }
}
