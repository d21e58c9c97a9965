import {TupleController} from '@peek/vortex';
import type {TupleSource} from '@peek/vortex';
import {confirm} from '@peek/ui';
import type {Tone} from '@peek/ui';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, query, state} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';
import {actFor} from './acting.js';
import {SiteError, uploadPlugin} from './site.js';

interface PluginRow {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** starting, running, failed, stopping or stopped */
  readonly state: string;
  readonly problem?: string | null;
  readonly services: readonly string[];
  readonly installedAt?: string | null;
}

type Upload = {readonly id: number; readonly file: string} & (
  | {readonly kind: 'waiting'}
  | {readonly kind: 'sending'; readonly part: number}
  | {readonly kind: 'installing'}
  | {readonly kind: 'done'; readonly message: string}
  | {readonly kind: 'refused'; readonly message: string}
);

const TONES: Readonly<Record<string, Tone>> = {
  starting: 'busy',
  running: 'good',
  failed: 'bad',
  stopping: 'busy',
  stopped: 'neutral',
};

/**
 * The plugins of this system, and the place to drop new ones.
 *
 * @element admin-plugins
 * @fires admin-session-over - the server did not know the user any longer
 */
@customElement('admin-plugins')
export class AdminPlugins extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      align-content: start;
      gap: var(--peek-space-4);
    }

    h1 {
      margin: 0;
      font-size: var(--peek-type-display);
      font-weight: 650;
      line-height: 1.25;
    }

    .drop {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--peek-space-3) var(--peek-space-4);
      padding: var(--peek-space-4);
      border: 2px dashed var(--peek-color-border-strong);
      border-radius: var(--peek-radius-large);
      background: var(--peek-color-surface);
      color: var(--peek-color-text-muted);
    }

    .drop.over {
      border-color: var(--peek-color-accent);
      background: var(--peek-color-accent-soft);
    }

    .drop peek-icon {
      color: var(--peek-color-accent);
      font-size: 1.75rem;
    }

    .drop p {
      flex: 1;
      min-width: 18ch;
      margin: 0;
    }

    .drop strong {
      display: block;
      color: var(--peek-color-text);
    }

    .uploads {
      display: grid;
      gap: var(--peek-space-3);
      margin: 0;
      padding: 0;
      list-style: none;
    }

    .uploads li {
      padding: var(--peek-space-3) var(--peek-space-4);
      border: 1px solid var(--peek-color-border);
      border-radius: var(--peek-radius-medium);
      background: var(--peek-color-surface);
    }

    .uploads .head {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: var(--peek-space-2);
      font-weight: 600;
      overflow-wrap: anywhere;
    }

    .uploads p {
      margin: 0;
    }

    .done {
      color: var(--peek-color-success);
    }

    .refused {
      color: var(--peek-color-danger);
    }

    .scroll {
      border: 1px solid var(--peek-color-border);
      border-radius: var(--peek-radius-large);
      overflow: hidden;
      background: var(--peek-color-surface);
    }

    table {
      width: 100%;
      border-collapse: collapse;
    }

    th {
      padding: var(--peek-space-2) var(--peek-space-4);
      background: var(--peek-color-surface-sunken);
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
      text-align: start;
    }

    td {
      padding: var(--peek-space-2) var(--peek-space-4);
      border-top: 1px solid var(--peek-color-border);
      overflow-wrap: anywhere;
    }

    td.remove {
      width: 1px;
      padding-left: 0;
    }

    .title {
      display: block;
      font-weight: 600;
    }

    .muted {
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
    }

    .problem {
      display: block;
      max-width: 60ch;
      margin-top: var(--peek-space-1);
      color: var(--peek-color-danger);
      font-size: var(--peek-type-small);
    }

    time {
      white-space: nowrap;
      font-variant-numeric: tabular-nums;
    }

    @media (max-width: 760px) {
      thead {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }

      tr {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 var(--peek-space-2);
        padding: var(--peek-space-3) var(--peek-space-2) var(--peek-space-3) var(--peek-space-4);
      }

      tbody tr + tr {
        border-top: 1px solid var(--peek-color-border);
      }

      td {
        padding: 0;
        border: 0;
        grid-column: 1;
      }

      td.remove {
        width: auto;
        grid-column: 2;
        grid-row: 1 / span 2;
      }

      td[data-label]::before {
        content: attr(data-label) ': ';
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
      }

      td.state {
        margin: var(--peek-space-1) 0;
      }
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @state() private uploads: readonly Upload[] = [];
  @state() private over = false;
  @query('input') private readonly chooser!: HTMLInputElement;

  readonly #plugins = new TupleController<PluginRow>(
    this,
    () => this.source,
    () => ({type: 'admin.Plugin'}),
  );
  #queue: Promise<void> = Promise.resolve();
  #count = 0;

  override render(): unknown {
    return html`<h1>Plugins</h1>
      <div
        class="drop ${this.over ? 'over' : ''}"
        data-testid="drop-zone"
        @dragover=${this.#draggedOver}
        @dragleave=${() => {
          this.over = false;
        }}
        @drop=${this.#dropped}
      >
        <peek-icon name="upload"></peek-icon>
        <p>
          <strong>Install or upgrade a plugin</strong>
          Drop its zip here. It is live in seconds, without a restart.
        </p>
        <input
          type="file"
          accept=".zip,application/zip"
          multiple
          hidden
          data-testid="plugin-file"
          aria-label="Plugin packages"
          @change=${this.#chosen}
        />
        <peek-button
          variant="primary"
          data-testid="choose-file"
          @click=${() => {
            this.chooser.click();
          }}
          >Choose a file</peek-button
        >
      </div>
      ${
        this.uploads.length === 0
          ? nothing
          : html`<ul class="uploads" aria-live="polite">
              ${repeat(
                this.uploads,
                (upload) => upload.id,
                (upload) => this.#renderUpload(upload),
              )}
            </ul>`
      }
      ${this.#renderPlugins()}`;
  }

  #renderUpload(upload: Upload): unknown {
    const ended = upload.kind === 'done' || upload.kind === 'refused';
    return html`<li data-testid="upload">
      <div class="head">
        <span>${upload.file}</span>
        ${
          ended
            ? html`<peek-button
                variant="quiet"
                icon="close"
                label="Dismiss"
                @click=${() => {
                  this.uploads = this.uploads.filter((each) => each.id !== upload.id);
                }}
              ></peek-button>`
            : nothing
        }
      </div>
      ${this.#renderStep(upload)}
    </li>`;
  }

  #renderStep(upload: Upload): unknown {
    switch (upload.kind) {
      case 'waiting':
        return html`<p class="muted">Waiting for the one before</p>`;
      case 'sending':
        return html`<peek-progress label="Step 1 of 2: sending" .value=${upload.part}></peek-progress>`;
      case 'installing':
        return html`<peek-progress label="Step 2 of 2: checking, installing and starting"></peek-progress>`;
      case 'done':
        return html`<p class="done" data-testid="upload-done">${upload.message}</p>`;
      case 'refused':
        return html`<p class="refused" data-testid="upload-refused">${upload.message}</p>`;
    }
  }

  #renderPlugins(): unknown {
    const {state: plugins} = this.#plugins;
    switch (plugins.kind) {
      case 'pending':
        return html`<peek-spinner label="Loading the plugins"></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="The plugins cannot be listed" .error=${plugins.error}></peek-error>`;
      case 'rows':
        return plugins.rows.length === 0
          ? html`<peek-empty heading="No plugins yet" icon="plugin" data-testid="plugins-empty">
              Drop the zip of a plugin above to install the first one.
            </peek-empty>`
          : html`<div class="scroll">
              <table aria-label="Plugins" data-testid="plugins">
                <thead>
                  <tr>
                    <th scope="col">Plugin</th>
                    <th scope="col">Version</th>
                    <th scope="col">State</th>
                    <th scope="col">Services</th>
                    <th scope="col">Installed</th>
                    <th scope="col"><span class="muted"></span></th>
                  </tr>
                </thead>
                <tbody>
                  ${repeat(
                    plugins.rows,
                    (row) => row.name,
                    (row) => this.#renderPlugin(row),
                  )}
                </tbody>
              </table>
            </div>`;
    }
  }

  #renderPlugin(row: PluginRow): unknown {
    return html`<tr data-testid="plugin-${row.name}">
      <td><span class="title">${row.title}</span><span class="muted">${row.name}</span></td>
      <td data-label="Version" data-testid="plugin-version">${row.version}</td>
      <td class="state">
        <peek-state .tone=${TONES[row.state] ?? 'neutral'} data-testid="plugin-state">${row.state}</peek-state>
        ${
          row.problem == null ? nothing : html`<span class="problem" data-testid="plugin-problem">${row.problem}</span>`
        }
      </td>
      <td data-label="Services">${row.services.join(', ')}</td>
      <td data-label="Installed">
        ${row.installedAt == null ? 'not known' : html`<time datetime=${row.installedAt}>${shortTime(row.installedAt)}</time>`}
      </td>
      <td class="remove">
        <peek-button
          variant="quiet"
          icon="trash"
          label="Remove ${row.title}"
          data-testid="remove-${row.name}"
          @click=${() => this.#remove(row)}
        ></peek-button>
      </td>
    </tr>`;
  }

  async #remove(row: PluginRow): Promise<void> {
    const sure = await confirm({
      heading: `Remove ${row.title}?`,
      text: `The plugin ${row.name} stops on every service and its views disappear from all devices at once.`,
      yes: 'Remove',
      danger: true,
    });
    if (sure) {
      await actFor(
        this,
        this.source,
        {type: 'admin.RemovePlugin', fields: {name: row.name}},
        `${row.title} is removed.`,
      );
    }
  }

  #draggedOver(event: DragEvent): void {
    event.preventDefault();
    this.over = true;
  }

  #dropped(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    this.#take(event.dataTransfer?.files);
  }

  #chosen(): void {
    this.#take(this.chooser.files);
    this.chooser.value = '';
  }

  // One after the other: a plugin dropped together with one that needs it comes in the order given.
  #take(files: FileList | null | undefined): void {
    for (const file of files ?? []) {
      this.#count++;
      const id = this.#count;
      this.uploads = [...this.uploads, {id, file: file.name, kind: 'waiting'}];
      this.#queue = this.#queue.then(() => this.#send(id, file));
    }
  }

  async #send(id: number, file: File): Promise<void> {
    this.#step({id, file: file.name, kind: 'sending', part: 0});
    try {
      const installed = await uploadPlugin(file, (part) => {
        this.#step({id, file: file.name, ...(part < 1 ? {kind: 'sending', part} : {kind: 'installing'})});
      });
      this.#step({id, file: file.name, kind: 'done', message: installed.message});
    } catch (error) {
      if (error instanceof SiteError && error.status === 401) {
        this.dispatchEvent(new Event('admin-session-over', {bubbles: true, composed: true}));
      }
      const message = error instanceof Error ? error.message : String(error);
      this.#step({id, file: file.name, kind: 'refused', message});
    }
  }

  #step(upload: Upload): void {
    this.uploads = this.uploads.map((each) => (each.id === upload.id ? upload : each));
  }
}

function shortTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : time.toLocaleString([], {dateStyle: 'medium', timeStyle: 'short'});
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-plugins': AdminPlugins;
  }
}
