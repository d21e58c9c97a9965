import {LinkController, TupleController} from '@peek/vortex';
import type {TupleSource} from '@peek/vortex';
import type {IconName, ViewRow} from '@peek/ui';
import {css, html, LitElement, nothing} from 'lit';
import {customElement, property, query, state} from 'lit/decorators.js';
import './admin-links.js';
import './admin-parties.js';
import './admin-plugins.js';
import './admin-system.js';
import './admin-tasks.js';

type Route =
  | {readonly kind: 'plugins'}
  | {readonly kind: 'parties'}
  | {readonly kind: 'links'}
  | {readonly kind: 'tasks'}
  | {readonly kind: 'system'}
  | {readonly kind: 'plugin'; readonly name: string};

function readRoute(hash: string): Route {
  const name = /^#\/plugin\/([a-z][a-z0-9_]*)$/.exec(hash)?.[1];
  if (name !== undefined) {
    return {kind: 'plugin', name};
  }
  switch (hash) {
    case '#/parties':
      return {kind: 'parties'};
    case '#/links':
      return {kind: 'links'};
    case '#/tasks':
      return {kind: 'tasks'};
    case '#/system':
      return {kind: 'system'};
    default:
      return {kind: 'plugins'};
  }
}

/**
 * The pages of the admin and the way between them: plugins, devices and services, links, tasks, system, and one for
 * each plugin that
 * brings an admin view.
 *
 * @element admin-frame
 * @fires admin-log-out - the user wants to log out
 */
@customElement('admin-frame')
export class AdminFrame extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      height: 100%;
    }

    .logo {
      width: 30px;
      height: 30px;
      margin-left: var(--peek-space-2);
    }

    .user {
      max-width: 16ch;
      overflow: hidden;
      color: var(--peek-color-bar-muted);
      font-size: var(--peek-type-small);
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    .body {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-height: 0;
    }

    nav {
      display: flex;
      flex: none;
      gap: var(--peek-space-1);
      overflow-x: auto;
      padding: var(--peek-space-1) var(--peek-space-2);
      border-bottom: 1px solid var(--peek-color-border);
      background: var(--peek-color-surface);
    }

    nav a {
      display: flex;
      flex: none;
      align-items: center;
      gap: var(--peek-space-2);
      min-height: 44px;
      padding: 0 var(--peek-space-3);
      border-radius: var(--peek-radius-small);
      color: var(--peek-color-text-muted);
      font-weight: 600;
      text-decoration: none;
      white-space: nowrap;
    }

    nav a:hover {
      background: var(--peek-color-hover);
    }

    nav a[aria-current='page'] {
      background: var(--peek-color-accent-soft);
      color: var(--peek-color-accent);
    }

    nav a:focus-visible {
      outline: 2px solid var(--peek-color-focus);
      outline-offset: -2px;
    }

    nav img {
      width: 22px;
      height: 22px;
      border-radius: 4px;
    }

    nav .part {
      display: none;
    }

    main {
      display: flex;
      flex: 1;
      flex-direction: column;
      min-width: 0;
      min-height: 0;
      overflow: auto;
    }

    admin-parties,
    admin-plugins,
    admin-links,
    admin-system,
    admin-tasks {
      width: 100%;
      max-width: var(--peek-size-content);
      margin: 0 auto;
      padding: var(--peek-space-4);
      box-sizing: border-box;
    }

    peek-plugin-view {
      flex: 1;
    }

    peek-error {
      margin: var(--peek-space-4);
    }

    @media (max-width: 480px) {
      .user {
        display: none;
      }
    }

    @media (min-width: 860px) {
      .body {
        flex-direction: row;
      }

      nav {
        flex-direction: column;
        width: 220px;
        overflow: hidden auto;
        padding: var(--peek-space-3);
        border-right: 1px solid var(--peek-color-border);
        border-bottom: 0;
      }

      nav .part {
        display: block;
        margin: var(--peek-space-4) var(--peek-space-3) var(--peek-space-1);
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
      }

      nav a {
        white-space: normal;
      }

      admin-parties,
      admin-plugins,
      admin-links,
      admin-system,
      admin-tasks {
        padding: var(--peek-space-5);
      }
    }
  `;

  @property({attribute: false}) source!: TupleSource;
  @property() user = '';
  @query('main') private readonly main!: HTMLElement;
  @state() private route = readRoute(window.location.hash);

  readonly #views = new TupleController<ViewRow>(
    this,
    () => this.source,
    () => ({type: 'peek.View'}),
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
    const views = this.#views.state.kind === 'rows' ? this.#views.state.rows : [];
    return html`<peek-app-bar heading="Peek admin">
        <img slot="start" class="logo" src="/icons/icon.svg" alt="" />
        <peek-link-status .state=${this.#link.state.kind} data-testid="link-status"></peek-link-status>
        <span class="user" data-testid="user">${this.user}</span>
        <peek-theme-button data-testid="theme"></peek-theme-button>
        <peek-button
          variant="bar"
          icon="logout"
          label="Log out"
          data-testid="logout"
          @click=${() => {
            this.dispatchEvent(new Event('admin-log-out', {bubbles: true, composed: true}));
          }}
        ></peek-button>
      </peek-app-bar>
      ${this.#renderOffline()}
      <div class="body">
        <nav aria-label="Pages">
          ${this.#renderPage('#/plugins', 'Plugins', 'plugin', this.route.kind === 'plugins')}
          ${this.#renderPage('#/parties', 'Devices and services', 'network', this.route.kind === 'parties')}
          ${this.#renderPage('#/links', 'Links', 'screen', this.route.kind === 'links')}
          ${this.#renderPage('#/tasks', 'Tasks', 'queue', this.route.kind === 'tasks')}
          ${this.#renderPage('#/system', 'System', 'system', this.route.kind === 'system')}
          ${views.length === 0 ? nothing : html`<span class="part">Of plugins</span>`}
          ${views.map((view) => this.#renderPluginLink(view))}
        </nav>
        <main>${this.#renderMain(views)}</main>
      </div>`;
  }

  #renderPage(href: string, label: string, icon: IconName, here: boolean): unknown {
    return html`<a href=${href} aria-current=${here ? 'page' : 'false'} data-testid="nav-${href.slice(2)}"
      ><peek-icon .name=${icon}></peek-icon>${label}</a
    >`;
  }

  #renderPluginLink(view: ViewRow): unknown {
    const here = this.route.kind === 'plugin' && this.route.name === view.plugin;
    return html`<a
      href="#/plugin/${view.plugin}"
      aria-current=${here ? 'page' : 'false'}
      data-testid="nav-plugin-${view.plugin}"
      >${
        view.icon == null ? html`<peek-icon name="plugin"></peek-icon>` : html`<img src=${view.icon} alt="" />`
      }${view.title}</a
    >`;
  }

  #renderOffline(): unknown {
    const link = this.#link.state;
    return link.kind === 'offline' || (link.kind === 'connecting' && link.since !== null)
      ? html`<peek-notice tone="warning" icon="warning" data-testid="offline">
          No connection to the server. What you see may be out of date; it continues by itself.
        </peek-notice>`
      : nothing;
  }

  #renderMain(views: readonly ViewRow[]): unknown {
    switch (this.route.kind) {
      case 'plugins':
        return html`<admin-plugins .source=${this.source}></admin-plugins>`;
      case 'parties':
        return html`<admin-parties .source=${this.source}></admin-parties>`;
      case 'links':
        return html`<admin-links .source=${this.source}></admin-links>`;
      case 'tasks':
        return html`<admin-tasks .source=${this.source}></admin-tasks>`;
      case 'system':
        return html`<admin-system .source=${this.source}></admin-system>`;
      case 'plugin': {
        const {name} = this.route;
        const view = views.find((each) => each.plugin === name);
        if (view !== undefined) {
          return html`<peek-plugin-view data-testid="view" .view=${view} .source=${this.source}></peek-plugin-view>`;
        }
        const {state} = this.#views;
        switch (state.kind) {
          case 'pending':
            return html`<peek-spinner></peek-spinner>`;
          case 'failed':
            return html`<peek-error
              heading="The views of plugins cannot be listed"
              .error=${state.error}
            ></peek-error>`;
          case 'rows':
            return html`<peek-empty heading="${name} is not available" icon="plugin" data-testid="view-missing">
              The plugin is not running, or has no admin view. It appears by itself as soon as it is back.
            </peek-empty>`;
        }
      }
    }
  }

  readonly #routeChanged = (): void => {
    this.route = readRoute(window.location.hash);
    this.main.scrollTop = 0;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'admin-frame': AdminFrame;
  }
}
