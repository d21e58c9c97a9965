import '@peek/ui';
import type {Column, PeekTable, PeekTextField} from '@peek/ui';
import {TupleController} from '@peek/vortex';
import type {TupleSource} from '@peek/vortex';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, query, state} from 'lit/decorators.js';
import {actOrSay, enqueueOrSay} from '../acting.js';
import {countText, matching} from '../filter.js';
import {negationText} from '../negation.js';
import {readingsText} from '../readings.js';
import {DEFAULT_SETTINGS, NEGATIONS, READINGS, ROWS, SETTINGS} from '../tuples.js';
import type {Negation, Reading, Settings, StringInt} from '../tuples.js';

/**
 * The rows of the tutorial, live, with a few things to do to each.
 *
 * @element tutorial-rows
 */
@customElement('tutorial-rows')
export class TutorialRows extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      gap: var(--peek-space-3);
      box-sizing: border-box;
      width: 100%;
      max-width: var(--peek-size-content);
      height: 100%;
      margin: 0 auto;
      padding: var(--peek-space-3);
    }

    header {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: var(--peek-space-2) var(--peek-space-4);
    }

    .words {
      flex: 1;
      min-width: 150px;
    }

    h2 {
      margin: 0;
      font-size: var(--peek-type-title);
      font-weight: 650;
      line-height: 1.3;
      overflow-wrap: anywhere;
      display: -webkit-box;
      overflow: hidden;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }

    .words p,
    footer p {
      margin: 0;
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
      font-variant-numeric: tabular-nums;
    }

    footer {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: var(--peek-space-4);
    }

    footer div {
      min-width: 0;
      overflow-wrap: anywhere;
    }

    peek-text-field {
      flex: 1 1 180px;
      max-width: 340px;
    }

    peek-table {
      flex: 1;
    }

    @media (min-width: 700px) {
      :host {
        padding: var(--peek-space-5);
      }
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @state() private typed = '';
  @state() private asking = false;
  @query('peek-table') private readonly table!: PeekTable<StringInt> | null;

  readonly #rows = new TupleController<StringInt>(
    this,
    () => this.source,
    () => ROWS,
  );
  readonly #settings = new TupleController<Settings>(
    this,
    () => this.source,
    () => SETTINGS,
  );

  readonly #readings = new TupleController<Reading>(
    this,
    () => this.source,
    () => READINGS,
  );

  readonly #negations = new TupleController<Negation>(
    this,
    () => this.source,
    () => NEGATIONS,
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
      width: '136px',
      align: 'end',
      cell: (row) => [
        this.#button(row, 'letters', 'Toggle capitals', 'toggle', 'ToggleCapitals', {id: row.id}),
        this.#button(row, 'minus', `Take ${String(this.#step)} away`, 'minus', 'AddToInt', {
          id: row.id,
          amount: -this.#step,
        }),
        this.#button(row, 'plus', `Add ${String(this.#step)}`, 'plus', 'AddToInt', {id: row.id, amount: this.#step}),
      ],
    },
  ];

  override render(): unknown {
    const {state: rows} = this.#rows;
    switch (rows.kind) {
      case 'pending':
        return html`<peek-spinner label="Loading the rows"></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="The rows cannot be shown" .error=${rows.error}></peek-error>`;
      case 'rows': {
        const shown = matching(rows.rows, this.typed);
        return html`<header>
            <div class="words">
              <h2 data-testid="tutorial-title">${this.#current.title}</h2>
              <p role="status" data-testid="tutorial-count">${countText(shown.length, rows.rows.length)}</p>
            </div>
            <peek-text-field
              label="Filter"
              hide-label
              type="search"
              input-mode="search"
              placeholder="Filter the rows"
              data-testid="tutorial-filter"
              .value=${this.typed}
              @peek-input=${this.#filtered}
            ></peek-text-field>
          </header>
          ${
            rows.problem === null
              ? nothing
              : html`<peek-notice tone="warning" icon="warning">${rows.problem.message}</peek-notice>`
          }
          ${this.#renderTable(shown, rows.rows.length)} ${this.#renderAgents()}`;
      }
    }
  }

  get #current(): Settings {
    const {state: settings} = this.#settings;
    return (settings.kind === 'rows' ? settings.rows[0] : undefined) ?? DEFAULT_SETTINGS;
  }

  get #step(): number {
    return this.#current.step;
  }

  #renderTable(shown: readonly StringInt[], all: number): unknown {
    if (all === 0) {
      return html`<peek-empty heading="No rows yet" data-testid="tutorial-empty">
        They are added, or imported from a CSV file, in the admin view of this plugin.
      </peek-empty>`;
    }
    if (shown.length === 0) {
      return html`<peek-empty heading="No row matches" icon="search">
        No text or number contains “${this.typed.trim()}”.
      </peek-empty>`;
    }
    return html`<peek-table
      label="Rows"
      data-testid="tutorial-table"
      .columns=${this.#columns}
      .rows=${shown}
      .rowKey=${rowKey}
    ></peek-table>`;
  }

  #renderAgents(): unknown {
    const {state: readings} = this.#readings;
    const {state: negations} = this.#negations;
    return html`<footer>
      <div>
        <p data-testid="tutorial-readings">${readings.kind === 'rows' ? readingsText(readings.rows) : nothing}</p>
        <p data-testid="tutorial-negation">${negations.kind === 'rows' ? negationText(negations.rows) : nothing}</p>
      </div>
      <peek-button data-testid="add-reading" ?busy=${this.asking} @click=${this.#addReading}>
        ${this.asking ? 'Asking the agent…' : 'Add reading'}
      </peek-button>
    </footer>`;
  }

  /** Waits for the agent, so it is no action for the queue. */
  async #addReading(): Promise<void> {
    this.asking = true;
    await actOrSay(this, this.source, 'AddReading', {});
    this.asking = false;
  }

  #button(
    row: StringInt,
    icon: 'letters' | 'minus' | 'plus',
    label: string,
    test: string,
    action: string,
    fields: Readonly<Record<string, unknown>>,
  ): unknown {
    return html`<peek-button
      variant="quiet"
      .icon=${icon}
      label="${label}: ${row.string1}"
      data-testid="${test}-${row.id}"
      @click=${() => enqueueOrSay(this, this.source, action, fields, `${label}: ${row.string1}`)}
    ></peek-button>`;
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
    'tutorial-rows': TutorialRows;
  }
}
