import {TupleController} from '@peek/vortex';
import type {TupleSource} from '@peek/vortex';
import {confirm} from '@peek/ui';
import type {Tone} from '@peek/ui';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {actFor} from './acting.js';
import {inWords} from './duration.js';
import {health} from './site.js';
import type {Health} from './site.js';

interface SiteRow {
  readonly site: 'client' | 'admin' | 'dataExchange';
  readonly address: string;
  readonly network: boolean;
  readonly url: string;
}

const REFRESH_MS = 5_000;
const TONES: Readonly<Record<string, Tone>> = {
  starting: 'busy',
  running: 'good',
  online: 'good',
  connected: 'good',
  degraded: 'warning',
  failed: 'bad',
  stopping: 'busy',
};
const SITES = {
  client: {
    title: 'Devices site',
    purpose: 'Phones and other devices open the app here.',
    opening:
      'Every device that reaches this machine can then open the app and see what its plugins show. The connection is encrypted.',
  },
  admin: {
    title: 'Admin site',
    purpose: 'This site, where plugins are installed and the system is looked after.',
    opening:
      'Everyone who reaches this machine can then open the log-in page of the admin site. The connection is encrypted. Have a good password.',
  },
  dataExchange: {
    title: 'Data exchange',
    purpose: 'Services on other machines reach the server here, after they have joined with a token.',
    opening: 'Services on other machines can then join with a token and connect. The connection is encrypted.',
  },
} as const;

/**
 * The health of the server, and which of the sites can be reached from other machines.
 *
 * @element admin-system
 */
@customElement('admin-system')
export class AdminSystem extends LitElement {
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

    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
      gap: var(--peek-space-4);
      margin: 0;
    }

    dt {
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
    }

    dd {
      margin: var(--peek-space-1) 0 0;
      font-weight: 600;
      overflow-wrap: anywhere;
    }

    h3 {
      margin: var(--peek-space-5) 0 var(--peek-space-1);
      color: var(--peek-color-text-muted);
      font-size: var(--peek-type-small);
      font-weight: 600;
    }

    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }

    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--peek-space-1) var(--peek-space-3);
      padding: var(--peek-space-2) 0;
      border-top: 1px solid var(--peek-color-border);
    }

    li .name {
      flex: 1;
      min-width: 12ch;
      font-weight: 600;
    }

    .muted {
      color: var(--peek-color-text-muted);
    }

    .problem {
      flex-basis: 100%;
      color: var(--peek-color-danger);
      font-size: var(--peek-type-small);
    }

    .site {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: center;
      gap: var(--peek-space-2) var(--peek-space-4);
    }

    .site + .site {
      margin-top: var(--peek-space-4);
      padding-top: var(--peek-space-4);
      border-top: 1px solid var(--peek-color-border);
    }

    .site p {
      margin: 0;
    }

    .site .title {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--peek-space-2) var(--peek-space-3);
      font-weight: 600;
    }

    .site a {
      color: var(--peek-color-accent);
      overflow-wrap: anywhere;
    }

    @media (max-width: 560px) {
      .site {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @state() private health: Health | null = null;
  @state() private problem = '';

  readonly #sites = new TupleController<SiteRow>(
    this,
    () => this.source,
    () => ({type: 'admin.Site'}),
  );
  #timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#refresh();
    this.#timer = setInterval(() => {
      if (document.visibilityState === 'visible') {
        void this.#refresh();
      }
    }, REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): unknown {
    return html`<h1>System</h1>
      <peek-card heading="Health" data-testid="health">${this.#renderHealth()}</peek-card>
      <peek-card heading="Reachable from the network" data-testid="sites">${this.#renderSites()}</peek-card>`;
  }

  #renderHealth(): unknown {
    if (this.problem !== '') {
      return html`<peek-error .error=${{message: this.problem}}></peek-error>`;
    }
    const {health: now} = this;
    if (now === null) {
      return html`<peek-spinner label="Asking the server"></peek-spinner>`;
    }
    const since = new Date(now.since).getTime();
    return html`<dl>
        ${term('State', html`<peek-state .tone=${toneOf(now.state)} data-testid="health-state">${now.state}</peek-state>`)}
        ${term('Version', html`<span data-testid="health-version">${now.version}</span>`)}
        ${term('Running for', Number.isNaN(since) ? 'not known' : inWords((Date.now() - since) / 1000))}
        ${term('Service', now.service)}
      </dl>
      <h3>Plugins</h3>
      ${
        now.plugins.length === 0
          ? html`<span class="muted">None are installed.</span>`
          : html`<ul>
              ${now.plugins.map(
                (plugin) =>
                  html`<li>
                    <span class="name">${plugin.name}</span><span class="muted">${plugin.version}</span>
                    <peek-state .tone=${toneOf(plugin.state)}>${plugin.state}</peek-state>
                    ${plugin.problem == null ? nothing : html`<span class="problem">${plugin.problem}</span>`}
                  </li>`,
              )}
            </ul>`
      }
      <h3>Services linked to this one</h3>
      ${
        now.links.length === 0
          ? html`<span class="muted">None beside those in this process.</span>`
          : html`<ul>
              ${now.links.map((link) => renderLink(link))}
            </ul>`
      }`;
  }

  #renderSites(): unknown {
    const {state: sites} = this.#sites;
    switch (sites.kind) {
      case 'pending':
        return html`<peek-spinner label="Loading the sites"></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="The sites cannot be listed" .error=${sites.error}></peek-error>`;
      case 'rows':
        return sites.rows.map((row) => this.#renderSite(row));
    }
  }

  #renderSite(row: SiteRow): unknown {
    const {title, purpose} = SITES[row.site];
    return html`<div class="site" data-testid="site-${row.site}">
      <div>
        <p class="title">
          ${title}
          <peek-state .tone=${row.network ? 'good' : 'neutral'} data-testid="site-${row.site}-state"
            >${row.network ? 'open to the network' : 'this machine only'}</peek-state
          >
        </p>
        <p class="muted">${purpose}</p>
        <p>
          ${
            row.site === 'dataExchange'
              ? row.address
              : html`<a href=${row.url} target="_blank" rel="noopener">${row.url}</a>`
          }
        </p>
      </div>
      <peek-button data-testid="site-${row.site}-switch" @click=${() => this.#open(row)}
        >${row.network ? 'Close to the network' : 'Open to the network'}</peek-button
      >
    </div>`;
  }

  async #open(row: SiteRow): Promise<void> {
    const {title, opening} = SITES[row.site];
    const network = !row.network;
    const name = title.toLowerCase();
    const sure = await confirm(
      network
        ? {
            heading: `Open the ${name} to the network?`,
            text: opening,
            yes: 'Open',
          }
        : {
            heading: `Close the ${name} to the network?`,
            text: 'Devices elsewhere lose their connection at once, and from now on only this machine itself can open the site. If you are not at that machine, this page ends too when it is the admin site.',
            yes: 'Close',
            danger: true,
          },
    );
    if (sure) {
      await actFor(
        this,
        this.source,
        {type: 'admin.OpenSite', fields: {site: row.site, network}},
        network ? `The ${name} is open to the network.` : `The ${name} can be opened from this machine only.`,
        // The site restarts its door, and the answer may not get through it. The list tells what became of it.
        {lostIsDone: true},
      );
    }
  }

  async #refresh(): Promise<void> {
    try {
      this.health = await health();
      this.problem = '';
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}

function term(name: string, value: unknown): unknown {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function renderLink(link: Readonly<Record<string, unknown>>): unknown {
  const text = (name: string): string => {
    const value = link[name];
    return typeof value === 'string' ? value : '';
  };
  return html`<li>
    <span class="name">${text('name') || text('service') || text('to') || 'link'}</span>
    ${text('address') === '' ? nothing : html`<span class="muted">${text('address')}</span>`}
    ${text('state') === '' ? nothing : html`<peek-state .tone=${toneOf(text('state'))}>${text('state')}</peek-state>`}
    ${text('problem') === '' ? nothing : html`<span class="problem">${text('problem')}</span>`}
  </li>`;
}

function toneOf(word: string): Tone {
  return TONES[word] ?? 'neutral';
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-system': AdminSystem;
  }
}
