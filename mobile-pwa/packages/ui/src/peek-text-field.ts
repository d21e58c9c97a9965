import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, query} from 'lit/decorators.js';
import {live} from 'lit/directives/live.js';
import {base, field} from './styles.js';

/**
 * A line of text with its label.
 *
 * @element peek-text-field
 * @fires peek-input - the text changed; `value` holds it
 */
@customElement('peek-text-field')
export class PeekTextField extends LitElement {
  static override shadowRootOptions: ShadowRootInit = {...LitElement.shadowRootOptions, delegatesFocus: true};

  static override styles = [
    base,
    field,
    css`
      :host([hide-label]) label {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    `,
  ];

  @property() label = '';
  @property({type: Boolean, attribute: 'hide-label', reflect: true}) hideLabel = false;
  @property() type: 'text' | 'password' | 'search' = 'text';
  @property() value = '';
  @property() placeholder = '';
  @property() autocomplete: 'off' | 'username' | 'current-password' = 'off';
  @property({attribute: 'input-mode'}) keyboard: 'text' | 'numeric' | 'search' = 'text';
  /** What is wrong with the value; empty when nothing is. */
  @property() error = '';
  @property() hint = '';
  @property({type: Boolean}) disabled = false;
  @query('input') private readonly input!: HTMLInputElement;

  override render(): unknown {
    const below = this.error !== '' ? this.error : this.hint;
    return html`<label for="input">${this.label}</label>
      <input
        id="input"
        class="control"
        type=${this.type}
        .value=${live(this.value)}
        placeholder=${this.placeholder}
        autocomplete=${this.autocomplete}
        inputmode=${this.keyboard}
        spellcheck="false"
        autocapitalize="off"
        ?disabled=${this.disabled}
        aria-invalid=${this.error === '' ? 'false' : 'true'}
        aria-describedby=${below === '' ? nothing : 'below'}
        @input=${this.#typed}
        @keydown=${this.#pressed}
      />
      ${below === '' ? nothing : html`<p id="below" class="below ${this.error === '' ? '' : 'error'}">${below}</p>`}`;
  }

  /** Selects the text, for the user to type over. */
  select(): void {
    this.input.select();
  }

  #typed(): void {
    this.value = this.input.value;
    this.dispatchEvent(new Event('peek-input', {bubbles: true, composed: true}));
  }

  // An input in a shadow tree does not belong to the form outside of it.
  #pressed(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.isComposing) {
      this.closest('form')?.requestSubmit();
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-text-field': PeekTextField;
  }
}
