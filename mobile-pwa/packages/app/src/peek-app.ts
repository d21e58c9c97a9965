import {IndexedDbStore, LinkController, sameOrigin, TupleController, VortexClient} from '@peek/vortex';
import type {Locks, TupleSource} from '@peek/vortex';
import '@peek/ui';
import type {ViewRow} from '@peek/ui';
import {css, html, LitElement} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';
import {lostNotice, serverIsLost, UPSTREAM} from './lost-notice.js';
import type {UpstreamRow} from './lost-notice.js';
import {pluginHref, readRoute} from './route.js';

/**
 * The PWA: the home screen with a tile for each view, and the view that was chosen.
 *
 * @element peek-app
 */
@customElement('peek-app')
export class PeekApp extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      height: 100dvh;
    }

    .logo {
      width: 30px;
      height: 30px;
      margin-left: var(--peek-space-2);
    }

    main {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-height: 0;
      overflow: auto;
      padding-bottom: env(safe-area-inset-bottom);
    }

    .home {
      box-sizing: border-box;
      width: 100%;
      max-width: var(--peek-size-content);
      margin: 0 auto;
      padding: var(--peek-space-4);
    }

    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(144px, 1fr));
      gap: var(--peek-space-3);
      margin: 0;
      padding: 0;
      list-style: none;
    }

    li {
      display: grid;
    }

    @media (min-width: 700px) {
      .home {
        padding: var(--peek-space-6) var(--peek-space-5);
      }

      ul {
        grid-template-columns: repeat(auto-fill, 176px);
        gap: var(--peek-space-4);
      }
    }

    peek-error {
      margin: var(--peek-space-4);
    }

    peek-plugin-view {
      flex: 1;
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @state() private route = readRoute(window.location.hash);

  readonly #views = new TupleController<ViewRow>(
    this,
    () => this.source,
    () => ({type: 'peek.View'}),
  );
  readonly #upstream = new TupleController<UpstreamRow>(
    this,
    () => this.source,
    () => UPSTREAM,
  );
  readonly #link = new LinkController(this, () => this.source);

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', this.#routeChanged);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.#routeChanged);
  }

  override render(): unknown {
    const {route} = this;
    const views = this.#views.state;
    const view = route.kind === 'plugin' && views.kind === 'rows' ? find(views.rows, route.name) : undefined;
    const heading = route.kind === 'home' ? 'Peek' : (view?.title ?? route.name);
    return html`<peek-app-bar .heading=${heading}>
        ${
          route.kind === 'home'
            ? html`<img slot="start" class="logo" src="/icons/icon.svg" alt="" />`
            : html`<peek-button
                slot="start"
                variant="bar"
                icon="back"
                label="Home"
                data-testid="back"
                @click=${() => {
                  window.location.hash = '#/';
                }}
              ></peek-button>`
        }
        <peek-queue-status .queue=${this.source.queued}></peek-queue-status>
        <peek-link-status
          .state=${serverIsLost(this.#upstream.state) && this.#link.state.kind === 'online' ? 'offline' : this.#link.state.kind}
          data-testid="link-status"
        ></peek-link-status>
        <peek-theme-button data-testid="theme"></peek-theme-button>
      </peek-app-bar>
      ${lostNotice(this.#link.state, this.#upstream.state)}
      <main>${route.kind === 'home' ? this.#renderHome() : this.#renderView(route.name, view)}</main>
      <peek-toasts></peek-toasts>`;
  }

  #renderHome(): unknown {
    const views = this.#views.state;
    switch (views.kind) {
      case 'pending':
        return html`<peek-spinner label="Loading the plugins"></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="The plugins cannot be listed" .error=${views.error}></peek-error>`;
      case 'rows':
        return views.rows.length === 0
          ? html`<peek-empty heading="No plugins yet" icon="plugin" data-testid="home-empty">
              An administrator adds them on the admin site, and they appear here at once.
            </peek-empty>`
          : html`<nav class="home" aria-label="Plugins">
              <ul>
                ${repeat(
                  views.rows,
                  (view) => view.plugin,
                  (view) =>
                    html`<li>
                      <peek-tile
                        data-testid="tile-${view.plugin}"
                        .href=${pluginHref(view.plugin)}
                        .label=${view.title}
                        .icon=${view.icon ?? null}
                      ></peek-tile>
                    </li>`,
                )}
              </ul>
            </nav>`;
    }
  }

  #renderView(name: string, view: ViewRow | undefined): unknown {
    const views = this.#views.state;
    if (view !== undefined) {
      return html`<peek-plugin-view data-testid="view" .view=${view} .source=${this.source}></peek-plugin-view>`;
    }
    switch (views.kind) {
      case 'pending':
        return html`<peek-spinner></peek-spinner>`;
      case 'failed':
        return html`<peek-error heading="The plugin cannot be shown" .error=${views.error}></peek-error>`;
      case 'rows':
        return html`<peek-empty heading="${name} is not available" icon="plugin" data-testid="view-missing">
          The plugin is not running, or has no view here. It appears by itself as soon as it is back.
        </peek-empty>`;
    }
  }

  readonly #routeChanged = (): void => {
    this.route = readRoute(window.location.hash);
  };
}

function find(views: readonly ViewRow[], plugin: string): ViewRow | undefined {
  return views.find((view) => view.plugin === plugin);
}

/** The data exchange of the service that the page came from. */
export function dial(): VortexClient {
  const client = new VortexClient({
    name: 'Peek PWA',
    dial: sameOrigin(),
    queue: new IndexedDbStore(),
    // Absent where the page came over plain HTTP from another machine.
    locks: (navigator as {readonly locks?: Locks}).locks ?? null,
    channel: 'BroadcastChannel' in window ? new BroadcastChannel('peek-queue') : null,
  });
  client.connect();
  // A phone that is taken out of the pocket, or finds its network again, does not wait for the next attempt.
  window.addEventListener('online', () => {
    client.connect();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      client.connect();
    }
  });
  return client;
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-app': PeekApp;
  }
}
