import {TupleController} from '@peek/vortex';
import type {TupleSource} from '@peek/vortex';
import type {Column, PeekTable, PeekTextField} from '@peek/ui';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, query, state} from 'lit/decorators.js';
import {inWords} from './duration.js';

interface PartyRow {
  readonly id: string;
  /** server, client, agent or device */
  readonly kind: string;
  readonly name: string;
  readonly online: boolean;
  readonly since: string;
  /** memory, websocket or http */
  readonly link?: string | null;
  readonly version?: string | null;
  readonly via?: string | null;
}

const LINKS: Readonly<Record<string, string>> = {
  memory: 'same process',
  websocket: 'WebSocket',
  http: 'plain HTTP',
};
const TICK_MS = 10_000;

/**
 * Which services and devices are connected, and which have been.
 *
 * @element admin-links
 */
@customElement('admin-links')
export class AdminLinks extends LitElement {
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

    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }

    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: center;
      gap: var(--peek-space-3);
      padding: var(--peek-space-3) 0;
    }

    li + li {
      border-top: 1px solid var(--peek-color-border);
    }

    .name {
      font-weight: 600;
      overflow-wrap: anywhere;
    }

    .more {
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
      overflow-wrap: anywhere;
    }

    .state {
      text-align: end;
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
      height: clamp(280px, 52vh, 720px);
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @state() private typed = '';
  @state() private now = Date.now();
  @query('peek-table') private readonly table!: PeekTable<PartyRow> | null;

  readonly #parties = new TupleController<PartyRow>(
    this,
    () => this.source,
    () => ({type: 'peek.Party'}),
  );
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      this.now = Date.now();
    }, TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override willUpdate(): void {
    this.now = Math.max(this.now, Date.now());
  }

  override render(): unknown {
    return html`<h1>Links</h1>
      ${this.#renderAll()}`;
  }

  #renderAll(): unknown {
    const {state: parties} = this.#parties;
    switch (parties.kind) {
      case 'pending':
        return html`<peek-spinner label="Loading the links"></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="The links cannot be listed" .error=${parties.error}></peek-error>`;
      case 'rows': {
        const services = parties.rows.filter((row) => row.kind !== 'device');
        const devices = parties.rows.filter((row) => row.kind === 'device');
        return html`<peek-card heading="Services" data-testid="services">
            <ul>
              ${services.map((row) => this.#renderService(row))}
            </ul>
          </peek-card>
          <peek-card heading="Devices" data-testid="devices">${this.#renderDevices(devices)}</peek-card>`;
      }
    }
  }

  #renderService(row: PartyRow): unknown {
    return html`<li data-testid="party-${row.id}">
      <div>
        <div class="name">${row.name === row.kind ? title(row.kind) : `${title(row.kind)} ${row.name}`}</div>
        <div class="more">${about(row)}</div>
      </div>
      ${this.#renderState(row)}
    </li>`;
  }

  #renderDevices(devices: readonly PartyRow[]): unknown {
    if (devices.length === 0) {
      return html`<peek-empty heading="No devices yet" icon="screen" data-testid="devices-empty"
        >Phones, browsers and workstations appear here when they connect.</peek-empty
      >`;
    }
    const wanted = this.typed.trim().toLowerCase();
    const shown = devices
      .filter((row) => wanted === '' || `${row.name} ${row.id}`.toLowerCase().includes(wanted))
      // Stable: within both the order of the server stays.
      .sort((a, b) => Number(b.online) - Number(a.online));
    const online = devices.filter((row) => row.online).length;
    return html`<div class="tools">
        <peek-text-field
          label="Filter"
          hide-label
          type="search"
          input-mode="search"
          placeholder="Filter the devices"
          data-testid="devices-filter"
          .value=${this.typed}
          @peek-input=${this.#filtered}
        ></peek-text-field>
        <p role="status" data-testid="devices-count">
          ${online.toLocaleString('en')} connected, ${(devices.length - online).toLocaleString('en')} gone
        </p>
      </div>
      ${
        shown.length === 0
          ? html`<peek-empty heading="No device matches" icon="search"
              >No name contains “${this.typed.trim()}”.</peek-empty
            >`
          : html`<peek-table
              label="Devices"
              data-testid="devices-table"
              .columns=${this.#columns}
              .rows=${shown}
              .rowKey=${(row: PartyRow) => row.id}
              .rowHeight=${64}
            ></peek-table>`
      }`;
  }

  readonly #columns: readonly Column<PartyRow>[] = [
    {
      header: 'Device',
      width: 'minmax(0, 1fr)',
      cell: (row) =>
        // Drawn within the table, where the styles of this page do not reach; text in lines is cut with an ellipsis there.
        html`<span title=${row.id}>${row.name}</span><br /><small>${about(row)}</small>`,
    },
    {
      header: 'State',
      width: '116px',
      align: 'end',
      cell: (row) => html`${pill(row)}<br /><small>${this.#span(row)}</small>`,
    },
  ];

  #renderState(row: PartyRow): unknown {
    return html`<div class="state">
      ${pill(row)}
      <div class="more">${this.#span(row)}</div>
    </div>`;
  }

  #span(row: PartyRow): string {
    return roughly((this.now - new Date(row.since).getTime()) / 1000);
  }

  #filtered(event: Event): void {
    this.typed = (event.target as PeekTextField).value;
    this.table?.scrollToTop();
  }
}

function pill(row: PartyRow): unknown {
  return html`<peek-state .tone=${row.online ? 'good' : 'neutral'}>${row.online ? 'connected' : 'gone'}</peek-state>`;
}

function title(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1);
}

function about(row: PartyRow): unknown {
  const parts = [
    row.via == null ? null : `through ${row.via.split(':').slice(2).join(':')}`,
    row.link == null ? null : (LINKS[row.link] ?? row.link),
    row.version == null ? null : `version ${row.version}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? nothing : parts.join(' · ');
}

/** A span of time in its largest unit. */
function roughly(seconds: number): string {
  return seconds < 10 ? 'just now' : `for ${inWords(seconds).split(' ').slice(0, 2).join(' ')}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-links': AdminLinks;
  }
}
