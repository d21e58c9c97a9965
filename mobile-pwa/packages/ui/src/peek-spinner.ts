import {css, html, LitElement} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {base} from './styles.js';

/**
 * Shown while rows or a view are on their way. Appears after a moment, so that quick answers do not flicker.
 *
 * @element peek-spinner
 */
@customElement('peek-spinner')
export class PeekSpinner extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        place-items: center;
        padding: var(--peek-space-6);
        animation: appear 200ms 250ms both;
      }

      div {
        width: 32px;
        height: 32px;
        border: 3px solid var(--peek-color-border);
        border-top-color: var(--peek-color-accent);
        border-radius: 50%;
        animation: turn 900ms linear infinite;
      }

      @keyframes appear {
        from {
          opacity: 0;
        }
      }

      @keyframes turn {
        to {
          transform: rotate(1turn);
        }
      }
    `,
  ];

  @property() label = 'Loading';

  override render(): unknown {
    return html`<div role="progressbar" aria-label=${this.label}></div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-spinner': PeekSpinner;
  }
}
