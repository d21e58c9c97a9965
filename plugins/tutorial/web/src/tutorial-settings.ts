import '@peek/ui';
import type {PeekTextField} from '@peek/ui';
import {showToast} from '@peek/ui';
import {TupleController} from '@peek/vortex';
import type {TupleSource} from '@peek/vortex';
import {css, html, LitElement} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {actOrSay} from './acting.js';
import {wholeNumber} from './filter.js';
import {DEFAULT_SETTINGS, SETTINGS} from './tuples.js';
import type {Settings} from './tuples.js';

/** What the user typed and has not saved yet. */
interface Draft {
  readonly title: string;
  readonly step: string;
}

/**
 * The settings of the plugin.
 *
 * @element tutorial-settings
 */
@customElement('tutorial-settings')
export class TutorialSettings extends LitElement {
  static override styles = css`
    form {
      display: grid;
      gap: var(--peek-space-4);
    }

    peek-button {
      justify-self: start;
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @state() private draft: Draft | null = null;
  @state() private problem = '';
  @state() private busy = false;

  readonly #settings = new TupleController<Settings>(
    this,
    () => this.source,
    () => SETTINGS,
  );

  override render(): unknown {
    const {state: settings} = this.#settings;
    switch (settings.kind) {
      case 'pending':
        return html`<peek-spinner label="Loading the settings"></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="The settings cannot be shown" .error=${settings.error}></peek-error>`;
      case 'rows':
        return this.#renderForm(settings.rows[0] ?? DEFAULT_SETTINGS);
    }
  }

  #renderForm(saved: Settings): unknown {
    const shown = this.draft ?? {title: saved.title, step: String(saved.step)};
    return html`<form data-testid="settings-form" @submit=${(event: Event) => this.#save(event, shown)}>
      <peek-text-field
        label="Title"
        hint="Shown above the rows on every device"
        data-testid="settings-title"
        .value=${shown.title}
        @peek-input=${(event: Event) => {
          this.draft = {...shown, title: (event.target as PeekTextField).value};
        }}
      ></peek-text-field>
      <peek-text-field
        label="Step"
        hint="What the plus and minus buttons add and take away"
        input-mode="numeric"
        data-testid="settings-step"
        .value=${shown.step}
        .error=${this.problem}
        @peek-input=${(event: Event) => {
          this.draft = {...shown, step: (event.target as PeekTextField).value};
        }}
      ></peek-text-field>
      <peek-button
        type="submit"
        variant="primary"
        data-testid="settings-save"
        .busy=${this.busy}
        .disabled=${this.draft === null}
        >Save</peek-button
      >
    </form>`;
  }

  async #save(event: Event, shown: Draft): Promise<void> {
    event.preventDefault();
    const step = wholeNumber(shown.step);
    this.problem = step === null ? 'Enter a whole number, such as 1.' : '';
    if (step === null || this.busy) {
      return;
    }
    this.busy = true;
    if (await actOrSay(this, this.source, 'SaveSettings', {title: shown.title, step})) {
      showToast(this, 'good', 'The settings are saved.');
      this.draft = null;
    }
    this.busy = false;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tutorial-settings': TutorialSettings;
  }
}
