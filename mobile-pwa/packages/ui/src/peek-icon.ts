import {css, html, LitElement, svg} from 'lit';
import type {SVGTemplateResult} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {base} from './styles.js';

// Drawn on 24 by 24 with a stroke of 1.8.
const ICONS = {
  back: svg`<path d="M15 5l-7 7 7 7" />`,
  check: svg`<path d="M4.5 12.5l5 5 10-11" />`,
  close: svg`<path d="M6 6l12 12M18 6L6 18" />`,
  edit: svg`<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5" />`,
  info: svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 11v5.5M12 7.5v.2" />`,
  letters: svg`<path d="M3 18l4.2-11h.6L12 18M4.4 14.4h6.2M20.5 11.5V18M20.5 14.7a3 3 0 1 1-6 0 3 3 0 0 1 6 0z" />`,
  logout: svg`<path d="M10 4H5v16h5M14 8l4 4-4 4M18 12H9" />`,
  minus: svg`<path d="M5.5 12h13" />`,
  moon: svg`<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z" />`,
  network: svg`<circle cx="12" cy="12" r="8.5" /><path d="M3.5 12h17M12 3.5c3 3 3 14 0 17M12 3.5c-3 3-3 14 0 17" />`,
  plugin: svg`<path d="M8 3.5v5M16 3.5v5M5.5 8.5h13v3a6.5 6.5 0 0 1-13 0zM12 18v3" />`,
  plus: svg`<path d="M5.5 12h13M12 5.5v13" />`,
  queue: svg`<path d="M4 6.5h16M4 12h16M4 17.5h9" />`,
  reload: svg`<path d="M19 12a7 7 0 1 1-2.2-5.1M19 3.5V8h-4.5" />`,
  screen: svg`<rect x="3.5" y="5" width="17" height="11.5" rx="1.5" /><path d="M9 20h6" />`,
  search: svg`<circle cx="10.5" cy="10.5" r="6" /><path d="M15 15l5 5" />`,
  sun: svg`<circle cx="12" cy="12" r="4" /><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4" />`,
  system: svg`<path d="M3 12.5h4l2.5-7 4.5 13 2.5-6H21" />`,
  trash: svg`<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10.3 10.5v5.5M13.7 10.5v5.5" />`,
  upload: svg`<path d="M12 16V5M7.5 9L12 4.5 16.5 9M4.5 15v4.5h15V15" />`,
  warning: svg`<path d="M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.2" />`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof ICONS;

/**
 * A line icon in the colour of the text around it. Decoration only: what it stands for is said by
 * the element that shows it.
 *
 * @element peek-icon
 */
@customElement('peek-icon')
export class PeekIcon extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        width: 1.25em;
        height: 1.25em;
        flex: none;
      }

      svg {
        width: 100%;
        height: 100%;
        fill: none;
        stroke: currentcolor;
        stroke-width: 1.8;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
    `,
  ];

  @property() name: IconName = 'info';

  override render(): unknown {
    return html`<svg viewBox="0 0 24 24" aria-hidden="true">${ICONS[this.name]}</svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-icon': PeekIcon;
  }
}
