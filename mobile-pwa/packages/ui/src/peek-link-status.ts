import {css, html, LitElement} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {base} from './styles.js';

const WORDS = {online: 'Online', connecting: 'Connecting', offline: 'Offline', ended: 'Offline'} as const;

/**
 * Says whether there is a link to the service. Stands in the app bar.
 *
 * @element peek-link-status
 */
@customElement('peek-link-status')
export class PeekLinkStatus extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: var(--peek-space-2);
        padding: 0 var(--peek-space-2);
        color: var(--peek-color-bar-muted);
        font-size: var(--peek-type-small);
        white-space: nowrap;
      }

      .dot {
        width: 9px;
        height: 9px;
        border-radius: 50%;
        background: #f1bb57;
      }

      .online {
        background: #63d29b;
      }

      .offline,
      .ended {
        background: #ff968c;
      }
    `,
  ];

  @property() state: keyof typeof WORDS = 'connecting';

  override render(): unknown {
    return html`<span class="dot ${this.state}"></span><span role="status">${WORDS[this.state]}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-link-status': PeekLinkStatus;
  }
}
