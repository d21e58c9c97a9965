import {css, html, LitElement} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {base} from './styles.js';

export type Tone = 'neutral' | 'good' | 'busy' | 'warning' | 'bad';

/**
 * A state in one word, as a coloured pill.
 *
 * @element peek-state
 * @slot - the word
 */
@customElement('peek-state')
export class PeekState extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        padding: 2px 10px;
        border-radius: var(--peek-radius-round);
        background: var(--peek-color-surface-sunken);
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
        font-weight: 600;
        white-space: nowrap;
      }

      span {
        width: 7px;
        height: 7px;
        border-radius: 50%;
        background: currentcolor;
      }

      :host([tone='good']) {
        background: var(--peek-color-success-soft);
        color: var(--peek-color-success);
      }

      :host([tone='busy']) {
        background: var(--peek-color-accent-soft);
        color: var(--peek-color-accent);
      }

      :host([tone='warning']) {
        background: var(--peek-color-warning-soft);
        color: var(--peek-color-warning);
      }

      :host([tone='bad']) {
        background: var(--peek-color-danger-soft);
        color: var(--peek-color-danger);
      }
    `,
  ];

  @property({reflect: true}) tone: Tone = 'neutral';

  override render(): unknown {
    return html`<span></span><slot></slot>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-state': PeekState;
  }
}
