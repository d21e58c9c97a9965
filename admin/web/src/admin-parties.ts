import {TupleController} from '@peek/vortex';
import type {TupleSource} from '@peek/vortex';
import {confirm} from '@peek/ui';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';
import {actFor} from './acting.js';
import './admin-token.js';

interface PartyRow {
  readonly id: string;
  /** client, agent, worker or device */
  readonly kind: string;
  readonly name: string;
  readonly ofHome: boolean;
  readonly joinedAt: string;
  readonly joinedFrom: string;
  readonly lastSeenAt: string;
  readonly revokedAt: string | null;
}

interface RefusalRow {
  readonly who: string;
  readonly address: string;
  readonly why: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

const KINDS: Readonly<Record<string, string>> = {
  client: 'Client service',
  agent: 'Agent',
  worker: 'Worker',
  device: 'Device',
};

/**
 * Who has joined the system and who was refused, and the place to let others join.
 *
 * @element admin-parties
 */
@customElement('admin-parties')
export class AdminParties extends LitElement {
  static override styles = css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      align-content: start;
      gap: var(--peek-space-4);
    }

    .top {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: var(--peek-space-3);
    }

    h1 {
      margin: 0;
      font-size: var(--peek-type-display);
      font-weight: 650;
      line-height: 1.25;
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

    td.end {
      width: 1px;
      padding-left: 0;
      white-space: nowrap;
    }

    .title {
      display: block;
      font-weight: 600;
    }

    .muted {
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
    }

    time {
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
    }

    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }

    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: var(--peek-space-1) var(--peek-space-3);
      padding: var(--peek-space-3) 0;
      border-top: 1px solid var(--peek-color-border);
      overflow-wrap: anywhere;
    }

    li:first-child {
      padding-top: 0;
      border-top: 0;
    }

    li p {
      grid-column: 1 / -1;
      margin: 0;
    }

    .server {
      margin: 0;
      overflow-wrap: anywhere;
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
        gap: var(--peek-space-1) var(--peek-space-2);
        padding: var(--peek-space-3) var(--peek-space-2) var(--peek-space-3) var(--peek-space-4);
      }

      tbody tr + tr {
        border-top: 1px solid var(--peek-color-border);
      }

      td {
        padding: 0;
        border: 0;
        grid-column: 1 / -1;
      }

      td:first-child {
        grid-column: 1;
      }

      td.end {
        width: auto;
        grid-column: 2;
        grid-row: 1;
      }

      td[data-label]::before {
        content: attr(data-label) ': ';
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
      }
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @state() private making = false;

  readonly #parties = new TupleController<PartyRow>(
    this,
    () => this.source,
    () => ({type: 'admin.Party'}),
  );
  readonly #refusals = new TupleController<RefusalRow>(
    this,
    () => this.source,
    () => ({type: 'admin.Refusal'}),
  );
  readonly #server = new TupleController<{readonly fingerprint: string}>(
    this,
    () => this.source,
    () => ({type: 'admin.ServerIdentity'}),
  );

  override render(): unknown {
    const {state: server} = this.#server;
    const fingerprint = server.kind === 'rows' ? server.rows[0]?.fingerprint : undefined;
    return html`<div class="top">
        <h1>Devices and services</h1>
        <peek-button
          variant="primary"
          icon="plus"
          data-testid="make-token"
          @click=${() => {
            this.making = true;
          }}
          >Make a token</peek-button
        >
      </div>
      ${this.#renderParties()}
      <peek-card heading="Refused" data-testid="refusals">${this.#renderRefusals()}</peek-card>
      ${
        fingerprint === undefined
          ? nothing
          : html`<p class="server muted">
              Those who join know this server by its fingerprint <span data-testid="fingerprint">${fingerprint}</span>
            </p>`
      }
      ${
        this.making
          ? html`<admin-token
              .source=${this.source}
              @peek-close=${() => {
                this.making = false;
              }}
            ></admin-token>`
          : nothing
      }`;
  }

  #renderParties(): unknown {
    const {state: parties} = this.#parties;
    switch (parties.kind) {
      case 'pending':
        return html`<peek-spinner label="Loading who has joined"></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="Who has joined cannot be listed" .error=${parties.error}></peek-error>`;
      case 'rows':
        return parties.rows.length === 0
          ? html`<peek-empty heading="Nothing has joined yet" icon="network" data-testid="parties-empty">
              What runs in the server’s own process need not join. For a phone, or a service on another machine, make a
              token.
            </peek-empty>`
          : html`<div class="scroll">
              <table aria-label="Devices and services" data-testid="parties">
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">State</th>
                    <th scope="col">Last seen</th>
                    <th scope="col">Joined</th>
                    <th scope="col"><span class="muted"></span></th>
                  </tr>
                </thead>
                <tbody>
                  ${repeat(
                    parties.rows,
                    (row) => row.id,
                    (row) => this.#renderParty(row),
                  )}
                </tbody>
              </table>
            </div>`;
    }
  }

  #renderParty(row: PartyRow): unknown {
    const revoked = row.revokedAt != null;
    return html`<tr data-testid="party-${row.name}">
      <td><span class="title">${row.name}</span><span class="muted">${KINDS[row.kind] ?? row.kind}</span></td>
      <td>
        <peek-state .tone=${revoked ? 'bad' : 'good'} data-testid="party-state"
          >${revoked ? 'revoked' : 'may connect'}</peek-state
        >
      </td>
      <td data-label="Last seen">${shortTime(row.lastSeenAt)}</td>
      <td data-label="Joined">
        ${shortTime(row.joinedAt)}
        <span class="muted">${row.ofHome ? 'from this home' : `from ${row.joinedFrom}`}</span>
      </td>
      <td class="end">
        ${
          revoked
            ? html`<peek-button data-testid="forget-${row.name}" @click=${() => this.#forget(row)}
                >Remove from list</peek-button
              >`
            : html`<peek-button data-testid="revoke-${row.name}" @click=${() => this.#revoke(row)}>Revoke</peek-button>`
        }
      </td>
    </tr>`;
  }

  #renderRefusals(): unknown {
    const {state: refusals} = this.#refusals;
    switch (refusals.kind) {
      case 'pending':
        return html`<peek-spinner label="Loading who was refused"></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="Who was refused cannot be listed" .error=${refusals.error}></peek-error>`;
      case 'rows':
        return refusals.rows.length === 0
          ? html`<span class="muted" data-testid="refusals-empty"
              >Nobody since the server was started. What is not let in shows up here.</span
            >`
          : html`<ul>
              ${refusals.rows.map(
                (row) =>
                  html`<li data-testid="refusal">
                    <span class="title">${row.who}</span>
                    <span class="muted">${shortTime(row.lastAt)}</span>
                    <p>${row.why}</p>
                    <p class="muted">From ${row.address}${row.count === 1 ? '' : `, ${String(row.count)} times`}</p>
                  </li>`,
              )}
            </ul>`;
    }
  }

  async #revoke(row: PartyRow): Promise<void> {
    const sure = await confirm({
      heading: `Revoke ${row.name}?`,
      text:
        row.kind === 'device'
          ? 'It is cut off at once and not let in again. To come back it needs a new token.'
          : row.ofHome
            ? 'It is cut off at once and not let in again, until you remove it from this list.'
            : 'It is cut off at once and not let in again. What it has on its disk stays there. To come back it needs a new token.',
      yes: 'Revoke',
      danger: true,
    });
    if (sure) {
      await actFor(this, this.source, {type: 'admin.RevokeParty', fields: {id: row.id}}, `${row.name} is revoked.`);
    }
  }

  async #forget(row: PartyRow): Promise<void> {
    const sure = await confirm({
      heading: `Remove ${row.name} from the list?`,
      text: row.ofHome
        ? 'Its process joins again by itself as soon as it tries.'
        : 'It stays shut out, because its key is no longer known. Its name is free again.',
      yes: 'Remove',
    });
    if (sure) {
      await actFor(
        this,
        this.source,
        {type: 'admin.ForgetParty', fields: {id: row.id}},
        `${row.name} is off the list.`,
      );
    }
  }
}

function shortTime(iso: string): unknown {
  const time = new Date(iso);
  return html`<time datetime=${iso}
    >${Number.isNaN(time.getTime()) ? iso : time.toLocaleString([], {dateStyle: 'medium', timeStyle: 'short'})}</time
  >`;
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-parties': AdminParties;
  }
}
