import {html, LitElement} from 'lit';
import {customElement} from 'lit/decorators.js';
import './peek-button.js';
import {setTheme, theme} from './theme.js';

const NEXT = {
  system: {theme: 'light', icon: 'screen', label: 'Colours as on this device. Change to light'},
  light: {theme: 'dark', icon: 'sun', label: 'Light colours. Change to dark'},
  dark: {theme: 'system', icon: 'moon', label: 'Dark colours. Change to those of this device'},
} as const;

/**
 * Goes round the themes: as the device, light, dark.
 *
 * @element peek-theme-button
 */
@customElement('peek-theme-button')
export class PeekThemeButton extends LitElement {
  override render(): unknown {
    const {icon, label} = NEXT[theme()];
    return html`<peek-button variant="bar" .icon=${icon} .label=${label} @click=${this.#turn}></peek-button>`;
  }

  #turn(): void {
    setTheme(NEXT[theme()].theme);
    this.requestUpdate();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-theme-button': PeekThemeButton;
  }
}
