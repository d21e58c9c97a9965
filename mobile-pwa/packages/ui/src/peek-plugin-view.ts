import {css, html, LitElement, nothing} from 'lit';
import type {PropertyValues} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';
import './peek-button.js';
import './peek-error.js';
import './peek-notice.js';
import './peek-spinner.js';
import {base} from './styles.js';

/** A view of a plugin, as the observable `peek.View` lists it. */
export interface ViewRow {
  readonly plugin: string;
  readonly title: string;
  readonly version: string;
  readonly icon?: string | null;
  /** Address of the module that registers the element. */
  readonly module: string;
  readonly element: string;
}

type Slot =
  | {readonly kind: 'loading'}
  | {readonly kind: 'shown'; readonly element: HTMLElement; readonly outdated: boolean}
  | {readonly kind: 'failed'; readonly message: string};

type Loader = (url: string) => Promise<unknown>;

// One promise for each address, and where each element came from: an element cannot be registered twice in one page.
const loading = new Map<string, Promise<unknown>>();
const origins = new Map<string, string>();

function loadOnce(url: string, load: Loader): Promise<unknown> {
  let promise = loading.get(url);
  if (promise === undefined) {
    promise = load(url).catch((error: unknown) => {
      loading.delete(url);
      throw error;
    });
    loading.set(url, promise);
  }
  return promise;
}

/**
 * Loads the module of a plugin's view and shows its element, with `source` set before it is attached. A failure shows
 * in this place only.
 *
 * @element peek-plugin-view
 */
@customElement('peek-plugin-view')
export class PeekPluginView extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      .view {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-height: 0;
        overflow: auto;
      }

      .view > * {
        flex: 1;
        min-height: 0;
      }

      peek-error {
        margin: var(--peek-space-4);
      }
    `,
  ];

  @property({attribute: false}) view: ViewRow | null = null;
  @property({attribute: false}) source: unknown = null;
  /** How modules are loaded; another way in tests. */
  @property({attribute: false}) load: Loader = (url) => import(url) as Promise<unknown>;
  @state() private slotState: Slot = {kind: 'loading'};
  #turn = 0;

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('view');
    const other =
      before?.module !== this.view?.module ||
      before?.element !== this.view?.element ||
      before?.plugin !== this.view?.plugin;
    if (changed.has('source') || (changed.has('view') && other)) {
      this.#start();
    }
  }

  override render(): unknown {
    const title = this.view?.title ?? '';
    switch (this.slotState.kind) {
      case 'loading':
        return html`<peek-spinner .label=${`Loading ${title}`}></peek-spinner>`;
      case 'shown':
        return html`${
            this.slotState.outdated
              ? html`<peek-notice data-testid="new-version">
                  A new version of ${title} is ready.
                  <peek-button
                    slot="action"
                    icon="reload"
                    @click=${() => {
                      window.location.reload();
                    }}
                    >Reload</peek-button
                  >
                </peek-notice>`
              : nothing
          }
          <div class="view">${this.slotState.element}</div>`;
      case 'failed':
        return html`<peek-error
          data-testid="view-error"
          .heading=${`${title} cannot be shown`}
          .error=${{message: this.slotState.message}}
        >
          <peek-button icon="reload" @click=${this.#start}>Try again</peek-button>
        </peek-error>`;
    }
  }

  #start(): void {
    this.#turn++;
    const turn = this.#turn;
    const {view} = this;
    if (view === null) {
      return;
    }
    const shown = this.slotState.kind === 'shown' ? this.slotState.element : null;
    if (shown?.localName === view.element && origins.get(view.element) !== view.module) {
      // An upgrade while its view is open: what the user does there must not be lost.
      this.slotState = {kind: 'shown', element: shown, outdated: true};
      return;
    }
    this.slotState = {kind: 'loading'};
    this.#make(view).then(
      (element) => {
        // Results for a slot that shows something else by now are of no use.
        if (turn === this.#turn) {
          this.slotState = {kind: 'shown', element, outdated: origins.get(view.element) !== view.module};
          this.#watch(element, turn);
        }
      },
      (error: unknown) => {
        console.error(`The view of plugin ${view.plugin} failed to load.`, error);
        if (turn === this.#turn) {
          this.slotState = {kind: 'failed', message: error instanceof Error ? error.message : String(error)};
        }
      },
    );
  }

  async #make(view: ViewRow): Promise<HTMLElement> {
    const url = new URL(view.module, document.baseURI);
    if (url.origin !== new URL(document.baseURI).origin) {
      throw new Error(
        `The module of plugin ${view.plugin} is at ${url.origin}; only this site's own modules are loaded.`,
      );
    }
    if (customElements.get(view.element) === undefined) {
      try {
        await loadOnce(url.href, this.load);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`The module ${view.module} could not be loaded: ${why}`, {cause});
      }
      origins.set(view.element, view.module);
    }
    const type = customElements.get(view.element);
    if (type === undefined) {
      throw new Error(`The module ${view.module} was loaded but does not register the element <${view.element}>.`);
    }
    const element = new type();
    (element as HTMLElement & {source: unknown}).source = this.source;
    return element;
  }

  // The first drawing of a Lit element may throw; later mistakes are the plugin's own.
  #watch(element: HTMLElement & {readonly updateComplete?: unknown}, turn: number): void {
    void this.updateComplete
      .then(() => element.updateComplete)
      .catch((error: unknown) => {
        if (turn === this.#turn) {
          this.slotState = {kind: 'failed', message: error instanceof Error ? error.message : String(error)};
        }
      });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-plugin-view': PeekPluginView;
  }
}
