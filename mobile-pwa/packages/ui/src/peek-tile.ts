import {css, html, LitElement} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import './peek-icon.js';
import {base} from './styles.js';

/**
 * A link of the home screen.
 *
 * @element peek-tile
 */
@customElement('peek-tile')
export class PeekTile extends LitElement {
  static override shadowRootOptions: ShadowRootInit = {...LitElement.shadowRootOptions, delegatesFocus: true};

  static override styles = [
    base,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      a {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: var(--peek-space-3);
        height: 100%;
        padding: var(--peek-space-5) var(--peek-space-3) var(--peek-space-4);
        border: 1px solid var(--peek-color-border);
        border-radius: var(--peek-radius-large);
        background: var(--peek-color-surface);
        color: var(--peek-color-text);
        text-align: center;
        text-decoration: none;
        -webkit-tap-highlight-color: transparent;
        transition:
          border-color 120ms,
          background-color 120ms;
      }

      a:hover {
        border-color: var(--peek-color-accent);
        background: var(--peek-color-hover);
      }

      img,
      .icon {
        display: grid;
        place-items: center;
        width: 56px;
        height: 56px;
        border-radius: var(--peek-radius-medium);
        object-fit: contain;
      }

      .icon {
        background: var(--peek-color-accent-soft);
        color: var(--peek-color-accent);
        font-size: 1.5rem;
      }

      span {
        max-width: 100%;
        font-weight: 600;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property() href = '';
  @property() label = '';
  /** Address of the picture, or null for a plain one. */
  @property() icon: string | null = null;

  override render(): unknown {
    const icon =
      this.icon === null
        ? html`<div class="icon"><peek-icon name="plugin"></peek-icon></div>`
        : html`<img src=${this.icon} alt="" width="56" height="56" />`;
    return html`<a href=${this.href}>${icon}<span>${this.label}</span></a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-tile': PeekTile;
  }
}
