import '@peek/ui';
import type {EditorField} from '@peek/ui';
import {tableClient, TupleController} from '@peek/vortex';
import type {TableClient, TupleSource} from '@peek/vortex';
import {css, html, LitElement} from 'lit';
import type {PropertyValues} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import '../tutorial-import.js';
import '../tutorial-settings.js';
import {ROWS} from '../tuples.js';
import type {StringInt} from '../tuples.js';

const FIELDS: readonly EditorField[] = [
  {name: 'string1', title: 'Text', type: 'text'},
  {name: 'int1', title: 'Number', type: 'whole'},
];

/**
 * Where administrators edit and import the rows of the tutorial and its settings.
 *
 * @element tutorial-admin
 */
@customElement('tutorial-admin')
export class TutorialAdmin extends LitElement {
  static override styles = css`
    :host {
      display: block;
      box-sizing: border-box;
      width: 100%;
      max-width: var(--peek-size-content);
      margin: 0 auto;
      padding: var(--peek-space-4);
    }

    h1 {
      margin: 0 0 var(--peek-space-4);
      font-size: var(--peek-type-display);
      font-weight: 650;
      line-height: 1.25;
    }

    .cards {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      align-items: start;
      gap: var(--peek-space-4);
    }

    .side {
      display: grid;
      gap: var(--peek-space-4);
    }

    @media (min-width: 1000px) {
      :host {
        padding: var(--peek-space-5);
      }

      .cards {
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
      }
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  #table: TableClient<Record<string, unknown>> | null = null;

  readonly #rows = new TupleController<StringInt>(
    this,
    () => this.source,
    () => ROWS,
  );

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('source')) {
      this.#table = tableClient(this.source, ROWS.type);
    }
  }

  override render(): unknown {
    return html`<h1>Tutorial</h1>
      <div class="cards">
        <peek-card heading="Rows">
          <peek-table-editor
            label="Rows"
            .table=${this.#table}
            .fields=${FIELDS}
            .revision=${this.#rows.state}
          ></peek-table-editor>
        </peek-card>
        <div class="side">
          <peek-card heading="Import a CSV file">
            <tutorial-import .source=${this.source}></tutorial-import>
          </peek-card>
          <peek-card heading="Settings">
            <tutorial-settings .source=${this.source}></tutorial-settings>
          </peek-card>
        </div>
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tutorial-admin': TutorialAdmin;
  }
}
