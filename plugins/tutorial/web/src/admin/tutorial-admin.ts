import '@peek/ui';
import {confirm} from '@peek/ui';
import type {Column, PeekTable, PeekTextField} from '@peek/ui';
import {TupleController} from '@peek/vortex';
import type {TupleSource} from '@peek/vortex';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, query, state} from 'lit/decorators.js';
import {act, actOrSay} from '../acting.js';
import {countText, matching, wholeNumber} from '../filter.js';
import '../tutorial-import.js';
import '../tutorial-settings.js';
import {ROWS} from '../tuples.js';
import type {StringInt} from '../tuples.js';

/** The row in the dialog: a new one has no id. */
interface Edited {
  readonly id: number | null;
  readonly text: string;
  readonly number: string;
  readonly problem: string;
  readonly numberProblem: string;
}

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

    .tools {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--peek-space-2) var(--peek-space-3);
      margin-bottom: var(--peek-space-3);
    }

    .tools peek-text-field {
      flex: 1 1 160px;
    }

    .tools p {
      margin: 0;
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
      font-variant-numeric: tabular-nums;
    }

    peek-table {
      height: clamp(320px, 62vh, 720px);
    }

    form {
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
  @state() private typed = '';
  @state() private edited: Edited | null = null;
  @state() private busy = false;
  @query('peek-table') private readonly table!: PeekTable<StringInt> | null;

  readonly #rows = new TupleController<StringInt>(
    this,
    () => this.source,
    () => ROWS,
  );

  readonly #columns: readonly Column<StringInt>[] = [
    {
      header: 'Text',
      width: 'minmax(0, 1fr)',
      wrap: true,
      cell: (row) => html`<span title=${row.string1}>${row.string1}</span>`,
    },
    {header: 'Number', width: '72px', align: 'end', cell: (row) => row.int1},
    {
      header: '',
      width: '92px',
      align: 'end',
      cell: (row) =>
        html`<peek-button
            variant="quiet"
            icon="edit"
            label="Edit ${row.string1}"
            data-testid="edit-${row.id}"
            @click=${() => {
              this.#edit(row);
            }}
          ></peek-button
          ><peek-button
            variant="quiet"
            icon="trash"
            label="Delete ${row.string1}"
            data-testid="delete-${row.id}"
            @click=${() => this.#delete(row)}
          ></peek-button>`,
    },
  ];

  override render(): unknown {
    return html`<h1>Tutorial</h1>
      <div class="cards">
        <peek-card heading="Rows">
          <peek-button
            slot="actions"
            variant="primary"
            icon="plus"
            data-testid="add-row"
            @click=${() => {
              this.edited = {id: null, text: '', number: '0', problem: '', numberProblem: ''};
            }}
            >Add a row</peek-button
          >
          ${this.#renderRows()}
        </peek-card>
        <div class="side">
          <peek-card heading="Import a CSV file">
            <tutorial-import .source=${this.source}></tutorial-import>
          </peek-card>
          <peek-card heading="Settings">
            <tutorial-settings .source=${this.source}></tutorial-settings>
          </peek-card>
        </div>
      </div>
      ${this.#renderDialog()}`;
  }

  #renderRows(): unknown {
    const {state: rows} = this.#rows;
    switch (rows.kind) {
      case 'pending':
        return html`<peek-spinner label="Loading the rows"></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="The rows cannot be shown" .error=${rows.error}></peek-error>`;
      case 'rows': {
        if (rows.rows.length === 0) {
          return html`<peek-empty heading="No rows yet" data-testid="rows-empty"
            >Add the first one, or import a CSV file.</peek-empty
          >`;
        }
        const shown = matching(rows.rows, this.typed);
        return html`<div class="tools">
            <peek-text-field
              label="Filter"
              hide-label
              type="search"
              input-mode="search"
              placeholder="Filter the rows"
              data-testid="rows-filter"
              .value=${this.typed}
              @peek-input=${this.#filtered}
            ></peek-text-field>
            <p role="status" data-testid="rows-count">${countText(shown.length, rows.rows.length)}</p>
          </div>
          ${
            shown.length === 0
              ? html`<peek-empty heading="No row matches" icon="search"
                  >No text or number contains “${this.typed.trim()}”.</peek-empty
                >`
              : html`<peek-table
                  label="Rows"
                  data-testid="rows-table"
                  .columns=${this.#columns}
                  .rows=${shown}
                  .rowKey=${rowKey}
                ></peek-table>`
          }`;
      }
    }
  }

  #renderDialog(): unknown {
    const {edited} = this;
    if (edited === null) {
      return nothing;
    }
    return html`<peek-dialog
      .heading=${edited.id === null ? 'Add a row' : 'Edit the row'}
      .open=${true}
      data-testid="row-dialog"
      @peek-close=${this.#close}
    >
      <form @submit=${this.#save}>
        <peek-text-field
          data-focus-first
          label="Text"
          data-testid="row-text"
          .value=${edited.text}
          @peek-input=${(event: Event) => {
            this.edited = {...edited, text: (event.target as PeekTextField).value};
          }}
        ></peek-text-field>
        <peek-text-field
          label="Number"
          input-mode="numeric"
          data-testid="row-number"
          .value=${edited.number}
          .error=${edited.numberProblem}
          @peek-input=${(event: Event) => {
            this.edited = {...edited, number: (event.target as PeekTextField).value};
          }}
        ></peek-text-field>
        ${
          edited.problem === ''
            ? nothing
            : html`<peek-error .error=${{message: edited.problem}} data-testid="row-problem"></peek-error>`
        }
      </form>
      <peek-button slot="actions" data-testid="row-cancel" @click=${this.#close}>Cancel</peek-button>
      <peek-button slot="actions" variant="primary" data-testid="row-save" .busy=${this.busy} @click=${this.#save}
        >Save</peek-button
      >
    </peek-dialog>`;
  }

  #edit(row: StringInt): void {
    this.edited = {id: row.id, text: row.string1, number: String(row.int1), problem: '', numberProblem: ''};
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const {edited} = this;
    if (edited === null || this.busy) {
      return;
    }
    const number = wholeNumber(edited.number);
    if (number === null) {
      this.edited = {...edited, numberProblem: 'Enter a whole number, such as 12 or -3.'};
      return;
    }
    this.busy = true;
    const problem = await act(this.source, 'SaveRow', {id: edited.id, string1: edited.text, int1: number});
    this.busy = false;
    // The dialog stays open with what was typed, until the row is saved.
    this.edited = problem === null ? null : {...edited, problem, numberProblem: ''};
  }

  async #delete(row: StringInt): Promise<void> {
    const sure = await confirm({
      heading: 'Delete the row?',
      text: `“${row.string1}” with the number ${String(row.int1)} disappears from all devices.`,
      yes: 'Delete',
      danger: true,
    });
    if (sure) {
      await actOrSay(this, this.source, 'DeleteRow', {id: row.id});
    }
  }

  #close(): void {
    this.edited = null;
  }

  #filtered(event: Event): void {
    this.typed = (event.target as PeekTextField).value;
    this.table?.scrollToTop();
  }
}

function rowKey(row: StringInt): number {
  return row.id;
}

declare global {
  interface HTMLElementTagNameMap {
    'tutorial-admin': TutorialAdmin;
  }
}
