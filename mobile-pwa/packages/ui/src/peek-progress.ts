import {css, html, LitElement, nothing} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {cssProps} from './css-props.js';
import {base} from './styles.js';

/**
 * How far some work is. Without a value, that it goes on.
 *
 * @element peek-progress
 */
@customElement('peek-progress')
export class PeekProgress extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }

      .text {
        display: flex;
        justify-content: space-between;
        gap: var(--peek-space-3);
        margin-bottom: var(--peek-space-1);
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
        font-variant-numeric: tabular-nums;
      }

      .track {
        height: 8px;
        overflow: hidden;
        border-radius: var(--peek-radius-round);
        background: var(--peek-color-surface-sunken);
      }

      .bar {
        width: 100%;
        height: 100%;
        border-radius: inherit;
        background: var(--peek-color-accent);
        transform-origin: left;
        transition: transform 150ms linear;
      }

      .endless {
        width: 35%;
        animation: slide 1.4s ease-in-out infinite;
      }

      @keyframes slide {
        from {
          transform: translateX(-110%);
        }

        to {
          transform: translateX(300%);
        }
      }

      @media (prefers-reduced-motion: reduce) {
        .endless {
          width: 100%;
          opacity: 0.5;
          animation: none;
        }
      }
    `,
  ];

  @property() label = '';
  /** Between 0 and 1, or null when it is not known. */
  @property({attribute: false}) value: number | null = null;

  override render(): unknown {
    const percent = this.value === null ? null : Math.floor(Math.min(1, Math.max(0, this.value)) * 100);
    return html`<div class="text">
        <span>${this.label}</span>${percent === null ? nothing : html`<span>${percent} %</span>`}
      </div>
      <div
        class="track"
        role="progressbar"
        aria-label=${this.label}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent ?? nothing}
      >
        ${
          percent === null
            ? html`<div class="bar endless"></div>`
            : html`<div class="bar" ${cssProps({transform: `scaleX(${String(percent / 100)})`})}></div>`
        }
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-progress': PeekProgress;
  }
}
