import {html, LitElement} from 'lit';
import {customElement, property, query} from 'lit/decorators.js';
import {live} from 'lit/directives/live.js';
import {base, field} from './styles.js';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/**
 * One choice out of several.
 *
 * @element peek-select
 * @fires peek-input - another choice was made; `value` holds it
 */
@customElement('peek-select')
export class PeekSelect extends LitElement {
  static override shadowRootOptions: ShadowRootInit = {...LitElement.shadowRootOptions, delegatesFocus: true};
  static override styles = [base, field];

  @property() label = '';
  @property({attribute: false}) choices: readonly Choice[] = [];
  @property() value = '';
  @property({type: Boolean}) disabled = false;
  @query('select') private readonly box!: HTMLSelectElement;

  override render(): unknown {
    return html`<label for="box">${this.label}</label>
      <select id="box" class="control" ?disabled=${this.disabled} @change=${this.#chosen}>
        ${this.choices.map(
          ({value, label}) => html`<option value=${value} .selected=${live(value === this.value)}>${label}</option>`,
        )}
      </select>`;
  }

  #chosen(): void {
    this.value = this.box.value;
    this.dispatchEvent(new Event('peek-input', {bubbles: true, composed: true}));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-select': PeekSelect;
  }
}
