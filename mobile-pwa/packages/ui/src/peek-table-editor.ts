import type {TableAnswer, TableClient, TablePage, TableSort} from '@peek/vortex';
import {css, html, LitElement, nothing} from 'lit';
import type {PropertyValues} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {confirm} from './confirm.js';
import {fieldText, parseField, parseFilter} from './editor-values.js';
import type {EditorField} from './editor-values.js';
import './peek-button.js';
import './peek-dialog.js';
import './peek-empty.js';
import './peek-error.js';
import './peek-select.js';
import type {PeekSelect} from './peek-select.js';
import './peek-spinner.js';
import './peek-text-field.js';
import type {PeekTextField} from './peek-text-field.js';
import {showToast} from './peek-toasts.js';
import {base} from './styles.js';

export type {EditorField} from './editor-values.js';

type Row = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

/** What the dialog is about. */
type Form =
  | {readonly kind: 'closed'}
  | {readonly kind: 'adding'}
  | {readonly kind: 'changing'; readonly before: Row}
  /** Somebody else has saved the row meanwhile. */
  | {readonly kind: 'conflict'; readonly theirs: Row; readonly fields: readonly string[]};

const PAGE = 100;
const CLOSED: Form = {kind: 'closed'};

/**
 * Reads and edits a table of a plugin's server part: a page of rows to sort and filter, and a dialog for one of them.
 * What is entered is never overwritten by what others do meanwhile; both versions are shown instead.
 *
 * @element peek-table-editor
 */
@customElement('peek-table-editor')
export class PeekTableEditor extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }

      .tools,
      .pages {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--peek-space-2) var(--peek-space-3);
        margin-bottom: var(--peek-space-3);
      }

      .tools peek-text-field {
        flex: 1 1 140px;
      }

      .pages {
        align-items: center;
        margin: var(--peek-space-3) 0 0;
      }

      .pages p {
        flex: 1;
        margin: 0;
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
        font-variant-numeric: tabular-nums;
      }

      .narrow {
        display: none;
      }

      .view {
        max-height: 62vh;
        overflow: auto;
        border: 1px solid var(--peek-color-border);
        border-radius: var(--peek-radius-medium);
        background: var(--peek-color-surface);
      }

      table {
        width: 100%;
        border-collapse: collapse;
      }

      thead {
        position: sticky;
        z-index: 1;
        top: 0;
        background: var(--peek-color-surface-sunken);
      }

      th,
      td {
        padding: 0 var(--peek-space-3);
        border-bottom: 1px solid var(--peek-color-border);
        overflow-wrap: anywhere;
        text-align: start;
      }

      td {
        height: 52px;
      }

      tbody tr:last-child td {
        border-bottom: 0;
      }

      th button {
        min-height: var(--peek-size-target);
        padding: 0;
        border: 0;
        background: transparent;
        color: var(--peek-color-text-muted);
        font: 600 var(--peek-type-small) / 1.2 var(--peek-font-body);
        cursor: pointer;
      }

      .end {
        text-align: end;
        font-variant-numeric: tabular-nums;
      }

      .buttons {
        width: 1px;
        white-space: nowrap;
      }

      .name {
        display: none;
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
        font-weight: 600;
      }

      form {
        display: grid;
        gap: var(--peek-space-4);
      }

      .check {
        display: flex;
        align-items: center;
        gap: var(--peek-space-2);
        min-height: var(--peek-size-target);
      }

      .note {
        margin: 0;
        color: var(--peek-color-text-muted);
      }

      .versions td {
        height: auto;
        padding: var(--peek-space-2);
        vertical-align: top;
      }

      .versions th {
        padding: var(--peek-space-2);
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
      }

      .differs {
        background: var(--peek-color-warning-soft);
      }

      /* On a phone each row is a card, and what the heads of the columns did stands above. */
      @container (max-width: 560px) {
        .narrow {
          display: block;
        }

        .rows thead {
          display: none;
        }

        .view {
          max-height: none;
          border: 0;
          background: transparent;
        }

        .rows,
        .rows tbody,
        .rows tr {
          display: block;
        }

        .rows tr {
          margin-bottom: var(--peek-space-3);
          padding: var(--peek-space-2) var(--peek-space-3);
          border: 1px solid var(--peek-color-border);
          border-radius: var(--peek-radius-medium);
          background: var(--peek-color-surface);
        }

        .rows td {
          display: grid;
          grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
          height: auto;
          padding: var(--peek-space-1) 0;
          border: 0;
          text-align: start;
        }

        .rows .buttons {
          display: flex;
          justify-content: end;
          width: auto;
        }

        .name {
          display: block;
        }
      }
    `,
  ];

  /** What the rows are, for people who hear the page. */
  @property() label = '';
  @property({attribute: false}) table: TableClient<Row> | null = null;
  @property({attribute: false}) fields: readonly EditorField[] = [];
  /** The name of the component that is the key. */
  @property({attribute: 'row-key'}) rowKey = 'id';
  /** The page is read anew when this becomes another value, such as the rows of an observable. */
  @property({attribute: false}) revision: unknown = null;

  @state() private page: TablePage<Row> | null = null;
  @state() private problem = '';
  @state() private sort: TableSort | null = null;
  @state() private offset = 0;
  @state() private filterName = '';
  @state() private typed = '';
  @state() private filterProblem = '';
  @state() private form: Form = CLOSED;
  @state() private entered: Texts = {};
  @state() private problems: Texts = {};
  @state() private general = '';
  @state() private note = '';
  @state() private busy = false;
  #filled: Texts = {};
  #reading = false;
  /** Counts the calls for a page; only the answer to the last one is shown. */
  #asked = 0;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('table') || changed.has('revision')) {
      this.reload();
    }
  }

  /** Reads the page anew. Calls while it is being read lead to one more reading together. */
  reload(): void {
    this.#asked++;
    if (!this.#reading) {
      void this.#read();
    }
  }

  override render(): unknown {
    const {page} = this;
    return html`${this.#renderTools()}
    ${
      this.problem === ''
        ? nothing
        : html`<peek-error
            heading="The rows cannot be read"
            data-testid="editor-problem"
            .error=${{message: this.problem}}
          ></peek-error>`
    }
    ${
      page === null
        ? this.problem === ''
          ? html`<peek-spinner label="Reading the rows"></peek-spinner>`
          : nothing
        : this.#renderPage(page)
    }
    ${this.#renderForm()}`;
  }

  #renderTools(): unknown {
    const field = this.#filterField();
    return html`<div class="tools">
      ${
        this.page?.allowed.includes('CREATE') === true
          ? html`<peek-button variant="primary" icon="plus" data-testid="editor-add" @click=${this.#add}
              >Add</peek-button
            >`
          : nothing
      }
      ${
        this.fields.length > 1
          ? html`<peek-select
              label="Filter by"
              data-testid="editor-filter-field"
              .choices=${this.fields.map(({name, title}) => ({value: name, label: title}))}
              .value=${field?.name ?? ''}
              @peek-input=${this.#filterChosen}
            ></peek-select>`
          : nothing
      }
      <peek-text-field
        label="Filter"
        type="search"
        input-mode="search"
        placeholder=${field?.type === 'text' ? 'Contains …' : 'Such as 5, >5 or 1..9'}
        data-testid="editor-filter"
        .value=${this.typed}
        .error=${this.filterProblem}
        @peek-input=${this.#filterTyped}
      ></peek-text-field>
      <peek-select
        class="narrow"
        label="Sort by"
        data-testid="editor-sort"
        .choices=${[{value: '', label: 'As they came'}, ...this.#sortChoices()]}
        .value=${this.sort === null ? '' : `${this.sort.direction} ${this.sort.field}`}
        @peek-input=${this.#sortChosen}
      ></peek-select>
    </div>`;
  }

  #renderPage(page: TablePage<Row>): unknown {
    if (page.rows.length === 0) {
      return this.typed.trim() === ''
        ? html`<peek-empty heading="No rows yet" data-testid="editor-empty"
            >${page.allowed.includes('CREATE') ? 'Add the first one.' : ''}</peek-empty
          >`
        : html`<peek-empty heading="No row matches" icon="search" data-testid="editor-empty"
            >No row is like “${this.typed.trim()}”.</peek-empty
          >`;
    }
    const buttons = page.allowed.includes('UPDATE') || page.allowed.includes('DELETE');
    const total = page.total ?? this.offset + page.rows.length;
    return html`<div class="view">
        <table class="rows" aria-label=${this.label} data-testid="editor-table">
          <thead>
            <tr>
              ${this.fields.map((field) => this.#renderHead(field))}
              ${buttons ? html`<th class="buttons"></th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${page.rows.map((row) => this.#renderRow(row, page))}
          </tbody>
        </table>
      </div>
      <div class="pages">
        <p role="status" data-testid="editor-count">${countText(this.offset, page.rows.length, total)}</p>
        ${
          this.offset > 0 || page.more
            ? html`<peek-button
                  data-testid="editor-previous"
                  ?disabled=${this.offset === 0}
                  @click=${() => {
                    this.#turn(-PAGE);
                  }}
                  >Previous</peek-button
                ><peek-button
                  data-testid="editor-next"
                  ?disabled=${!page.more}
                  @click=${() => {
                    this.#turn(PAGE);
                  }}
                  >Next</peek-button
                >`
            : nothing
        }
      </div>`;
  }

  #renderHead(field: EditorField): unknown {
    const sorted = this.sort?.field === field.name ? this.sort.direction : null;
    return html`<th
      scope="col"
      class=${isNumber(field) ? 'end' : ''}
      aria-sort=${sorted === null ? 'none' : sorted === 'ASCENDING' ? 'ascending' : 'descending'}
    >
      <button
        type="button"
        data-testid="editor-sort-${field.name}"
        @click=${() => {
          this.#sortBy(field);
        }}
      >
        ${field.title}${sorted === null ? '' : sorted === 'ASCENDING' ? ' ▲' : ' ▼'}
      </button>
    </th>`;
  }

  #renderRow(row: Row, page: TablePage<Row>): unknown {
    const key = fieldText(row[this.rowKey]);
    const edit = page.allowed.includes('UPDATE');
    const remove = page.allowed.includes('DELETE');
    const called = this.#called(row);
    return html`<tr data-row=${key}>
      ${this.fields.map(
        (field) =>
          html`<td class=${isNumber(field) ? 'end' : ''}>
            <span class="name">${field.title}</span>${cellText(field, row[field.name])}
          </td>`,
      )}
      ${
        edit || remove
          ? html`<td class="buttons">
              ${
                edit
                  ? html`<peek-button
                      variant="quiet"
                      icon="edit"
                      label="Edit ${called}"
                      data-testid="edit-${key}"
                      @click=${() => {
                        this.#edit(row);
                      }}
                    ></peek-button>`
                  : nothing
              }${
                remove
                  ? html`<peek-button
                      variant="quiet"
                      icon="trash"
                      label="Delete ${called}"
                      data-testid="delete-${key}"
                      @click=${() => this.#remove(row)}
                    ></peek-button>`
                  : nothing
              }
            </td>`
          : nothing
      }
    </tr>`;
  }

  #renderForm(): unknown {
    const {form} = this;
    switch (form.kind) {
      case 'closed':
        return nothing;
      case 'adding':
        return this.#renderEntering('Add a row');
      case 'changing':
        return this.#renderEntering('Change the row');
      case 'conflict':
        return this.#renderConflict(form.theirs, form.fields);
    }
  }

  #renderEntering(heading: string): unknown {
    const editable = this.fields.filter(isEditable);
    return html`<peek-dialog heading=${heading} .open=${true} data-testid="editor-form" @peek-close=${this.#cancel}>
      <form @submit=${this.#submitted}>
        ${this.note === '' ? nothing : html`<p class="note" role="status" data-testid="editor-note">${this.note}</p>`}
        ${editable.map((field, i) => this.#renderInput(field, i === 0))} ${this.#renderGeneral()}
      </form>
      <peek-button slot="actions" data-testid="editor-cancel" @click=${this.#cancel}>Cancel</peek-button>
      <peek-button
        slot="actions"
        variant="primary"
        data-testid="editor-save"
        .busy=${this.busy}
        @click=${() => this.#save()}
        >Save</peek-button
      >
    </peek-dialog>`;
  }

  #renderGeneral(): unknown {
    return this.general === ''
      ? nothing
      : html`<peek-error .error=${{message: this.general}} data-testid="editor-general"></peek-error>`;
  }

  #renderInput(field: EditorField, first: boolean): unknown {
    const value = this.entered[field.name] ?? '';
    const error = this.problems[field.name] ?? '';
    const input = (event: Event): void => {
      this.#enter(field, (event.target as PeekTextField | PeekSelect).value);
    };
    switch (field.type) {
      case 'boolean':
        return html`<label class="check"
          ><input
            type="checkbox"
            data-testid="editor-field-${field.name}"
            .checked=${value === 'true'}
            @change=${(event: Event) => {
              this.#enter(field, String((event.target as HTMLInputElement).checked));
            }}
          />${field.title}</label
        >`;
      case 'choice':
        return html`<peek-select
            ?data-focus-first=${first}
            label=${field.title}
            data-testid="editor-field-${field.name}"
            .choices=${['', ...(field.choices ?? [])].map((choice) => ({value: choice, label: choice}))}
            .value=${value}
            @peek-input=${input}
          ></peek-select
          >${error === '' ? nothing : html`<peek-error .error=${{message: error}}></peek-error>`}`;
      case 'text':
      case 'whole':
      case 'number':
        return html`<peek-text-field
          ?data-focus-first=${first}
          label=${field.title}
          input-mode=${field.type === 'whole' ? 'numeric' : 'text'}
          data-testid="editor-field-${field.name}"
          .value=${value}
          .error=${error}
          @peek-input=${input}
        ></peek-text-field>`;
    }
  }

  #renderConflict(theirs: Row, differing: readonly string[]): unknown {
    return html`<peek-dialog
      heading="Two versions of the row"
      .open=${true}
      data-testid="editor-conflict"
      @peek-close=${this.#cancel}
    >
      <p class="note">Somebody else has saved this row since you opened it. Nothing has been overwritten yet.</p>
      <table class="versions">
        <thead>
          <tr>
            <th></th>
            <th scope="col">Yours</th>
            <th scope="col">Saved meanwhile</th>
          </tr>
        </thead>
        <tbody>
          ${this.fields.map((field) => {
            const now = fieldText(theirs[field.name]);
            const mine = isEditable(field) ? (this.entered[field.name] ?? '') : now;
            const differs = mine !== now || differing.includes(field.name) ? 'differs' : '';
            return html`<tr>
              <th scope="row">${field.title}</th>
              <td class=${differs} data-testid="editor-mine-${field.name}">${mine}</td>
              <td class=${differs} data-testid="editor-theirs-${field.name}">${now}</td>
            </tr>`;
          })}
        </tbody>
      </table>
      <peek-button slot="actions" data-testid="editor-take-theirs" @click=${this.#takeTheirs}>Take theirs</peek-button>
      <peek-button
        slot="actions"
        variant="primary"
        data-testid="editor-keep-mine"
        .busy=${this.busy}
        @click=${this.#keepMine}
        >Keep mine</peek-button
      >
    </peek-dialog>`;
  }

  async #read(): Promise<void> {
    const {table} = this;
    if (table === null) {
      return;
    }
    this.#reading = true;
    try {
      let answered = -1;
      while (answered !== this.#asked) {
        answered = this.#asked;
        const page = await this.#readOnce(table);
        if (answered === this.#asked) {
          this.#show(page);
        }
      }
    } finally {
      this.#reading = false;
    }
  }

  async #readOnce(table: TableClient<Row>): Promise<TablePage<Row> | string> {
    const field = this.#filterField();
    const parsed = field === undefined ? {filter: null} : parseFilter(field, this.typed);
    const filter = 'filter' in parsed ? parsed.filter : null;
    try {
      return await table.read({
        filters: filter === null ? [] : [filter],
        sort: this.sort === null ? [] : [this.sort],
        limit: PAGE,
        offset: this.offset,
        count: true,
      });
    } catch (error) {
      return sentence(error);
    }
  }

  #show(page: TablePage<Row> | string): void {
    if (typeof page === 'string') {
      this.problem = page;
      return;
    }
    this.problem = '';
    if (page.rows.length === 0 && this.offset > 0) {
      this.offset = Math.max(0, this.offset - PAGE);
      this.#asked++;
      return;
    }
    this.page = page;
    this.#follow(page);
  }

  /** Brings the form up to date with its row, as far as nothing was entered. */
  #follow(page: TablePage<Row>): void {
    const {form} = this;
    if (form.kind !== 'changing' || this.busy) {
      return;
    }
    const now = page.rows.find((row) => row[this.rowKey] === form.before[this.rowKey]);
    if (now === undefined || JSON.stringify(now) === JSON.stringify(form.before)) {
      return;
    }
    if (this.#isTouched()) {
      this.note = 'Somebody has changed this row meanwhile; saving shows both versions.';
    } else {
      this.#open({kind: 'changing', before: now}, now);
    }
  }

  #filterField(): EditorField | undefined {
    return this.fields.find((field) => field.name === this.filterName) ?? this.fields[0];
  }

  #filterChosen(event: Event): void {
    this.filterName = (event.target as PeekSelect).value;
    this.#applyFilter();
  }

  #filterTyped(event: Event): void {
    this.typed = (event.target as PeekTextField).value;
    this.#applyFilter();
  }

  #applyFilter(): void {
    const field = this.#filterField();
    const parsed = field === undefined ? {filter: null} : parseFilter(field, this.typed);
    this.filterProblem = 'problem' in parsed ? parsed.problem : '';
    if (this.filterProblem === '') {
      this.offset = 0;
      this.reload();
    }
  }

  #sortChoices(): {value: string; label: string}[] {
    return this.fields.flatMap(({name, title}) => [
      {value: `ASCENDING ${name}`, label: `${title} ▲`},
      {value: `DESCENDING ${name}`, label: `${title} ▼`},
    ]);
  }

  #sortChosen(event: Event): void {
    const [direction, field] = (event.target as PeekSelect).value.split(' ');
    this.#sort(
      field === undefined ? null : {field, direction: direction === 'DESCENDING' ? 'DESCENDING' : 'ASCENDING'},
    );
  }

  /** Upwards, then downwards, then as they came. */
  #sortBy({name}: EditorField): void {
    if (this.sort?.field !== name) {
      this.#sort({field: name, direction: 'ASCENDING'});
    } else {
      this.#sort(this.sort.direction === 'ASCENDING' ? {field: name, direction: 'DESCENDING'} : null);
    }
  }

  #sort(sort: TableSort | null): void {
    this.sort = sort;
    this.offset = 0;
    this.reload();
  }

  #turn(by: number): void {
    this.offset = Math.max(0, this.offset + by);
    this.reload();
  }

  #add(): void {
    this.#open({kind: 'adding'}, null);
  }

  #edit(row: Row): void {
    this.#open({kind: 'changing', before: row}, row);
  }

  #open(form: Form, row: Row | null): void {
    this.entered = Object.fromEntries(
      this.fields.map(({name, type}) => [
        name,
        row === null ? (type === 'boolean' ? 'false' : '') : fieldText(row[name]),
      ]),
    );
    this.#filled = this.entered;
    this.#forgetProblems();
    this.form = form;
  }

  #enter({name}: EditorField, value: string): void {
    this.entered = {...this.entered, [name]: value};
  }

  #isTouched(): boolean {
    return this.fields.some(({name}) => this.entered[name] !== this.#filled[name]);
  }

  #forgetProblems(): void {
    this.problems = {};
    this.general = '';
    this.note = '';
  }

  #cancel(): void {
    if (!this.busy) {
      this.form = CLOSED;
    }
  }

  #submitted(event: Event): void {
    event.preventDefault();
    void this.#save();
  }

  async #save(): Promise<void> {
    const {table, form} = this;
    if (table === null || this.busy || form.kind === 'closed' || form.kind === 'conflict') {
      return;
    }
    this.#forgetProblems();
    const values: Record<string, unknown> = {};
    const problems: Record<string, string> = {};
    for (const field of this.fields.filter(isEditable)) {
      const parsed = parseField(field, this.entered[field.name] ?? '');
      if ('problem' in parsed) {
        problems[field.name] = parsed.problem;
      } else {
        values[field.name] = parsed.value;
      }
    }
    this.problems = problems;
    if (Object.keys(problems).length > 0) {
      return;
    }
    this.busy = true;
    try {
      this.#saved(
        form.kind === 'adding'
          ? await table.create(values)
          : await table.update(form.before, {...form.before, ...values}),
      );
    } catch (error) {
      this.general = sentence(error);
    } finally {
      this.busy = false;
    }
    this.reload();
  }

  #saved(answer: TableAnswer<Row>): void {
    switch (answer.kind) {
      case 'saved':
        this.form = CLOSED;
        break;
      case 'invalid': {
        const shown = this.fields.filter(isEditable).map(({name}) => name);
        const rest = Object.entries(answer.fields).filter(([name]) => !shown.includes(name));
        this.problems = answer.fields;
        this.general = [...answer.general, ...rest.map(([name, text]) => `${name}: ${text}`)].join(' ');
        break;
      }
      case 'changed':
        this.form = {kind: 'conflict', theirs: answer.current, fields: answer.fields};
        break;
      case 'gone':
        this.form = {kind: 'adding'};
        this.note = 'This row has been deleted meanwhile; saving adds it as a new one.';
        break;
    }
  }

  #takeTheirs(): void {
    if (this.form.kind === 'conflict') {
      this.#edit(this.form.theirs);
    }
  }

  #keepMine(): void {
    if (this.form.kind === 'conflict') {
      this.form = {kind: 'changing', before: this.form.theirs};
      void this.#save();
    }
  }

  async #remove(row: Row): Promise<void> {
    const {table} = this;
    const sure = await confirm({
      heading: 'Delete the row?',
      text: `${this.#called(row)} will be deleted. This cannot be undone.`,
      yes: 'Delete',
      danger: true,
    });
    if (!sure || table === null) {
      return;
    }
    try {
      const answer = await table.remove(row);
      const problem = notDeleted(answer);
      if (problem !== '') {
        showToast(this, 'bad', problem);
      }
    } catch (error) {
      showToast(this, 'bad', sentence(error));
    }
    this.reload();
  }

  /** The row in a few words. */
  #called(row: Row): string {
    return this.fields
      .map(({name}) => fieldText(row[name]))
      .filter((text) => text !== '')
      .slice(0, 3)
      .join(', ');
  }
}

function notDeleted(answer: TableAnswer<Row>): string {
  switch (answer.kind) {
    case 'saved':
      return '';
    case 'invalid':
      return [...answer.general, ...Object.values(answer.fields)].join(' ');
    case 'changed':
      return 'Somebody has changed this row meanwhile; it was not deleted. Look at it and delete it again.';
    case 'gone':
      return 'Somebody else has deleted this row already.';
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isEditable(field: EditorField): boolean {
  return field.editable !== false;
}

function isNumber({type}: EditorField): boolean {
  return type === 'whole' || type === 'number';
}

function cellText(field: EditorField, value: unknown): string {
  return field.type === 'boolean' ? (value === true ? 'Yes' : 'No') : fieldText(value);
}

function countText(offset: number, shown: number, total: number): string {
  const word = total === 1 ? 'row' : 'rows';
  return shown === total
    ? `${total.toLocaleString()} ${word}`
    : `${(offset + 1).toLocaleString()}–${(offset + shown).toLocaleString()} of ${total.toLocaleString()} ${word}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-table-editor': PeekTableEditor;
  }
}
