import '@peek/ui';
import type {ViewRow} from '@peek/ui';
import {BridgeQueue, BridgeTransport, LinkController, TupleController, VortexClient} from '@peek/vortex';
import type {Bridge, BridgePage, QueueBridge, QueuePage, TupleSource} from '@peek/vortex';
import {css, html, LitElement} from 'lit';
import {customElement, property} from 'lit/decorators.js';
import {lostNotice, UPSTREAM} from './lost-notice.js';
import type {UpstreamRow} from './lost-notice.js';

/** What the workstation puts into this page, besides the way for frames and its queue. */
export interface WorkstationBridge extends Bridge, QueueBridge {
  /** The page can be started. */
  ready(): void;
  /** One part of the view to show. */
  view(part: 'plugin' | 'title' | 'version' | 'module' | 'element'): string;
  /** Opens a page of another site in the user's browser. */
  browse(url: string): void;
}

/** What the workstation calls in this page, besides what frames and the queue need. */
export interface WorkstationPage extends BridgePage, QueuePage {
  /** The bridge is there; called once. */
  start(theme: string): void;
  theme(name: string): void;
  /** The workstation's own link is back; no need to wait for the next attempt. */
  online(): void;
}

declare global {
  interface Window {
    /** Set by the workstation before it calls `peekPage.start`. */
    peekBridge?: WorkstationBridge;
    /** For the workstation. */
    peekPage?: WorkstationPage;
  }
}

/**
 * One web view of a plugin in a tab of the workstation: no bar, no home screen, and the workstation's own link.
 *
 * @element peek-workstation-view
 */
@customElement('peek-workstation-view')
export class PeekWorkstationView extends LitElement {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      height: 100dvh;
    }

    peek-plugin-view {
      flex: 1;
    }
  `;

  /** Both are set before the element is attached. */
  @property({attribute: false}) view!: ViewRow;
  @property({attribute: false}) source!: TupleSource;
  readonly #link = new LinkController(this, () => this.source);

  readonly #upstream = new TupleController<UpstreamRow>(
    this,
    () => this.source,
    () => UPSTREAM,
  );

  override render(): unknown {
    return html`${lostNotice(this.#link.state, this.#upstream.state)}
      <peek-plugin-view data-testid="view" .view=${this.view} .source=${this.source}></peek-plugin-view>
      <peek-toasts></peek-toasts>`;
  }
}

/** Makes the page ready for the workstation, which then starts it. */
export function waitForWorkstation(place: HTMLElement): void {
  const page: {-readonly [name in keyof WorkstationPage]?: WorkstationPage[name]} = {
    theme: dress,
    start: (theme) => {
      const bridge = window.peekBridge;
      if (bridge === undefined || page.online !== undefined) {
        return;
      }
      dress(theme);
      const transport = new BridgeTransport(bridge);
      const deviceQueue = new BridgeQueue(bridge);
      const client = new VortexClient({name: 'Peek workstation view', dial: transport.dial, deviceQueue});
      Object.assign(page, transport.page, deviceQueue.page);
      page.online = () => {
        client.connect();
      };
      client.connect();
      const element = document.createElement('peek-workstation-view');
      openLinksOutside(element, bridge);
      element.view = {
        plugin: bridge.view('plugin'),
        title: bridge.view('title'),
        version: bridge.view('version'),
        module: bridge.view('module'),
        element: bridge.view('element'),
      };
      element.source = client;
      place.append(element);
    },
  };
  // Frames and the queue have nothing to say before the start.
  window.peekPage = page as WorkstationPage;
  // Modules run when the document counts as loaded, or later.
  window.peekBridge?.ready();
}

// The window decides, not what was chosen in a browser once.
function dress(theme: string): void {
  document.documentElement.setAttribute('data-theme', theme === 'dark' ? 'dark' : 'light');
}

function isWithin(link: HTMLAnchorElement): boolean {
  return link.target !== '_blank' && link.href.split('#')[0] === window.location.href.split('#')[0];
}

/** The page shows one view; every address opens in the user's browser. */
function openLinksOutside(within: HTMLElement, bridge: WorkstationBridge): void {
  within.addEventListener('click', (event) => {
    const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement);
    if (link !== undefined && link.href !== '' && !isWithin(link)) {
      event.preventDefault();
      bridge.browse(link.href);
    }
  });
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-workstation-view': PeekWorkstationView;
  }
}
