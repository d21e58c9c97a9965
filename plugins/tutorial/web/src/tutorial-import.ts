import '@peek/ui';
import type {Choice, PeekSelect} from '@peek/ui';
import {TupleController} from '@peek/vortex';
import type {TupleSource} from '@peek/vortex';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, query, state} from 'lit/decorators.js';
import {actOrSay} from './acting.js';
import type {ImportColumn, ImportProgress} from './tuples.js';
import {uploadFile} from './upload.js';

interface Current {
  readonly importId: string;
  readonly fileName: string;
  readonly size: number;
  readonly sent: number;
  /** Why the file could not be sent, or null. */
  readonly problem: string | null;
}

/**
 * Imports a CSV file: sends it, lets the user choose two of its columns, and shows how far it is.
 *
 * @element tutorial-import
 */
@customElement('tutorial-import')
export class TutorialImport extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      gap: var(--peek-space-4);
    }

    p {
      margin: 0;
      overflow-wrap: anywhere;
    }

    .muted {
      color: var(--peek-color-text-muted);
    }

    .good {
      color: var(--peek-color-success);
      font-weight: 600;
    }

    .columns {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
      gap: var(--peek-space-3);
    }

    .sample {
      margin-top: var(--peek-space-1);
      overflow: hidden;
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    .buttons {
      display: flex;
      flex-wrap: wrap;
      gap: var(--peek-space-2);
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @state() private current: Current | null = null;
  @state() private textColumn = '';
  @state() private numberColumn = '';
  @state() private replace = false;
  @state() private asking = false;
  @query('input') private readonly chooser!: HTMLInputElement;

  readonly #progress = new TupleController<ImportProgress>(
    this,
    () => this.source,
    () => (this.current === null ? null : {type: 'tutorial.ImportProgress', key: {importId: this.current.importId}}),
  );

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.current = null;
  }

  override render(): unknown {
    const {current} = this;
    return html`<input
        type="file"
        accept=".csv,text/csv"
        hidden
        data-testid="import-file"
        aria-label="CSV file"
        @change=${this.#chosen}
      />
      ${current === null ? this.#renderStart() : this.#renderCurrent(current)}`;
  }

  #renderStart(): unknown {
    return html`<p class="muted">
        A CSV file with a header line. You choose which column becomes the text and which the number.
      </p>
      <div class="buttons">
        <peek-button icon="upload" data-testid="import-choose" @click=${this.#choose}>Choose a CSV file</peek-button>
      </div>`;
  }

  #renderCurrent(current: Current): unknown {
    if (current.problem !== null) {
      return this.#renderFailed(current, current.problem, []);
    }
    const row = this.#row;
    if (row === null || row.state === 'uploading') {
      const all = current.sent >= current.size;
      return html`<peek-progress
          .label=${all ? `Reading ${current.fileName}` : `Sending ${current.fileName}`}
          .value=${all ? null : current.sent / current.size}
          data-testid="import-progress"
        ></peek-progress>
        <div class="buttons">${this.#renderCancel()}</div>`;
    }
    switch (row.state) {
      case 'ready':
        return this.#renderChoice(row);
      case 'running':
        return html`<peek-progress
            .label=${`Importing ${row.rowsDone.toLocaleString()} of ${row.rowsTotal.toLocaleString()} rows`}
            .value=${row.rowsTotal === 0 ? null : row.rowsDone / row.rowsTotal}
            data-testid="import-progress"
          ></peek-progress>
          ${
            row.problem === undefined || row.problem === null
              ? nothing
              : html`<p role="status" data-testid="import-hindrance">${row.problem}</p>`
          }
          <div class="buttons">${this.#renderCancel()}</div>`;
      case 'done':
        return html`<p class="good" role="status" data-testid="import-done">
            ${row.rowsDone.toLocaleString()} ${row.rowsDone === 1 ? 'row was' : 'rows were'} imported from
            ${row.fileName}.
          </p>
          <div class="buttons">
            <peek-button data-testid="import-again" @click=${this.#forget}>Import another file</peek-button>
          </div>`;
      case 'failed':
        return this.#renderFailed(current, row.problem ?? 'The import failed.', row.columns);
    }
  }

  #renderChoice(row: ImportProgress): unknown {
    const text = this.#chosenText(row.columns);
    const number = this.#chosenNumber(row.columns);
    return html`<p>
        <strong>${row.fileName}</strong>
        <span class="muted">with ${row.rowsTotal.toLocaleString()} ${row.rowsTotal === 1 ? 'row' : 'rows'}</span>
      </p>
      <div class="columns">
        <div>
          <peek-select
            label="Column with the text"
            data-testid="import-text-column"
            .choices=${row.columns.map(asChoice)}
            .value=${text?.name ?? ''}
            @peek-input=${(event: Event) => {
              this.textColumn = (event.target as PeekSelect).value;
            }}
          ></peek-select>
          ${sample(text)}
        </div>
        <div>
          <peek-select
            label="Column with the number"
            data-testid="import-number-column"
            .choices=${numberColumns(row.columns).map(asChoice)}
            .value=${number?.name ?? ''}
            @peek-input=${(event: Event) => {
              this.numberColumn = (event.target as PeekSelect).value;
            }}
          ></peek-select>
          ${sample(number)}
        </div>
      </div>
      <peek-select
        label="Rows that are there already"
        data-testid="import-replace"
        .choices=${[
          {value: 'replace', label: 'Replace them'},
          {value: 'add', label: 'Keep them and add these'},
        ]}
        .value=${this.replace ? 'replace' : 'add'}
        @peek-input=${(event: Event) => {
          this.replace = (event.target as PeekSelect).value === 'replace';
        }}
      ></peek-select>
      <div class="buttons">
        <peek-button
          variant="primary"
          data-testid="import-run"
          .busy=${this.asking}
          .disabled=${text === undefined || number === undefined}
          @click=${() => this.#run(row)}
          >Import ${row.rowsTotal.toLocaleString()} ${row.rowsTotal === 1 ? 'row' : 'rows'}</peek-button
        >
        ${this.#renderCancel()}
      </div>`;
  }

  #renderFailed(current: Current, problem: string, columns: readonly ImportColumn[]): unknown {
    const row = this.#row;
    return html`<peek-error
        data-testid="import-failed"
        .heading=${`${current.fileName} was not imported`}
        .error=${{message: problem}}
      ></peek-error>
      ${row !== null && columns.length > 0 ? this.#renderChoice(row) : nothing}
      <div class="buttons">
        <peek-button data-testid="import-again" @click=${this.#leave}>Choose another file</peek-button>
      </div>`;
  }

  #renderCancel(): unknown {
    return html`<peek-button data-testid="import-cancel" @click=${this.#cancel}>Cancel</peek-button>`;
  }

  get #row(): ImportProgress | null {
    const {state: progress} = this.#progress;
    return (progress.kind === 'rows' ? progress.rows[0] : undefined) ?? null;
  }

  #chosenText(columns: readonly ImportColumn[]): ImportColumn | undefined {
    return (
      columns.find((column) => column.name === this.textColumn) ?? columns.find((column) => !column.whole) ?? columns[0]
    );
  }

  #chosenNumber(columns: readonly ImportColumn[]): ImportColumn | undefined {
    return columns.find((column) => column.name === this.numberColumn) ?? columns.find((column) => column.whole);
  }

  #choose(): void {
    this.chooser.click();
  }

  #chosen(): void {
    const file = this.chooser.files?.[0];
    this.chooser.value = '';
    if (file !== undefined) {
      void this.#send(file);
    }
  }

  async #send(file: File): Promise<void> {
    const importId = newId();
    this.textColumn = '';
    this.numberColumn = '';
    this.current = {importId, fileName: file.name, size: file.size, sent: 0, problem: null};
    const problem = await uploadFile(this.source, importId, file, (sent) => {
      this.#update(importId, {sent});
      return this.current?.importId === importId;
    });
    if (problem !== null && this.#row?.state !== 'failed') {
      this.#update(importId, {problem});
    }
  }

  // What comes after the user cancelled, or chose another file, is of no interest.
  #update(importId: string, news: Partial<Current>): void {
    if (this.current?.importId === importId) {
      this.current = {...this.current, ...news};
    }
  }

  async #run(row: ImportProgress): Promise<void> {
    const text = this.#chosenText(row.columns);
    const number = this.#chosenNumber(row.columns);
    if (text === undefined || number === undefined) {
      return;
    }
    this.asking = true;
    await actOrSay(this, this.source, 'RunImport', {
      importId: row.importId,
      stringColumn: text.name,
      intColumn: number.name,
      replace: this.replace,
    });
    this.asking = false;
  }

  async #cancel(): Promise<void> {
    const importId = this.current?.importId;
    if (importId !== undefined && (await actOrSay(this, this.source, 'CancelImport', {importId}))) {
      this.#forget();
    }
  }

  // An import that failed and is given up takes no more place at the server.
  #leave(): void {
    const importId = this.current?.importId;
    this.#forget();
    if (importId !== undefined) {
      void this.source.act({type: 'tutorial.CancelImport', fields: {importId}}).catch(() => undefined);
    }
  }

  #forget(): void {
    this.current = null;
  }
}

/** The columns that can be the number: those with a whole number in every row, or all when there is none. */
export function numberColumns(columns: readonly ImportColumn[]): readonly ImportColumn[] {
  const whole = columns.filter((column) => column.whole);
  return whole.length > 0 ? whole : columns;
}

function asChoice(column: ImportColumn): Choice {
  return {value: column.name, label: column.name};
}

function sample(column: ImportColumn | undefined): unknown {
  return column === undefined
    ? nothing
    : html`<p class="sample" title=${column.sample.join(', ')}>${column.sample.join(', ')}</p>`;
}

// randomUUID exists on secure sites only, and a client site in a local network is plain HTTP.
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

declare global {
  interface HTMLElementTagNameMap {
    'tutorial-import': TutorialImport;
  }
}
