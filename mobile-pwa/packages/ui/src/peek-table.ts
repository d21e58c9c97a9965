import {css, html, LitElement} from 'lit';
import type {PropertyValues} from 'lit';
import {customElement, property, query} from 'lit/decorators.js';
import {repeat} from 'lit/directives/repeat.js';
import {cssProps} from './css-props.js';
import {base} from './styles.js';

/** A column of a table. */
export interface Column<R> {
  readonly header: string;
  /** What a cell shows. */
  readonly cell: (row: R) => unknown;
  /** A track of a CSS grid that does not depend on the content, such as `1fr` or `96px`. */
  readonly width: string;
  readonly align?: 'start' | 'end';
  /** Whether a long text may take a second line. */
  readonly wrap?: boolean;
}

// Rows drawn above and below what is visible, so that fast scrolling finds something.
const SPARE_ROWS = 8;
const FLASH_MS = 1_800;

/**
 * A table that draws only the rows in view, however many there are, all of one height. It scrolls by itself and needs a
 * height from the element around it.
 *
 * When rows come and go above, those in view stay where they are. A row whose object was replaced flashes: rows of the
 * data exchange that did not change stay the same objects.
 *
 * @element peek-table
 */
@customElement('peek-table')
export class PeekTable<R = unknown> extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        min-height: 0;
        overflow: hidden;
        border: 1px solid var(--peek-color-border);
        border-radius: var(--peek-radius-medium);
        background: var(--peek-color-surface);
      }

      .view {
        flex: 1;
        min-width: 0;
        overflow: hidden auto;
        overscroll-behavior: contain;
        overflow-anchor: none;
      }

      .view:focus-visible {
        outline-offset: -2px;
      }

      .row {
        display: grid;
        grid-template-columns: var(--columns);
        align-items: center;
        gap: var(--peek-space-2);
        padding: 0 var(--peek-space-3);
        border-bottom: 1px solid var(--peek-color-border);
      }

      .head {
        position: sticky;
        z-index: 1;
        top: 0;
        min-height: 36px;
        background: var(--peek-color-surface-sunken);
        color: var(--peek-color-text-muted);
        font-size: var(--peek-type-small);
        font-weight: 600;
      }

      .body {
        position: relative;
        contain: strict;
      }

      .body .row {
        position: absolute;
        top: 0;
        right: 0;
        left: 0;
        contain: content;
      }

      .cell {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .wrap {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        line-height: 1.3;
        overflow-wrap: anywhere;
        white-space: normal;
      }

      /* The ring of a focused button in a cell must not be cut off. */
      .cell:focus-within {
        overflow: visible;
      }

      .end {
        text-align: end;
        font-variant-numeric: tabular-nums;
      }

      .flash-0 {
        animation: flash-0 ${FLASH_MS / 1000}s ease-out;
      }

      .flash-1 {
        animation: flash-1 ${FLASH_MS / 1000}s ease-out;
      }

      /* Two of the same, so that a second change starts the animation anew. */
      @keyframes flash-0 {
        from,
        40% {
          background: var(--peek-color-changed);
        }
      }

      @keyframes flash-1 {
        from,
        40% {
          background: var(--peek-color-changed);
        }
      }
    `,
  ];

  @property() label = '';
  @property({attribute: false}) columns: readonly Column<R>[] = [];
  @property({attribute: false}) rows: readonly R[] = [];
  @property({attribute: false}) rowKey: (row: R) => unknown = (row) => row;
  @property({type: Number}) rowHeight = 56;
  @query('.view') private readonly view!: HTMLElement;

  #drawn = new Map<unknown, R>();
  readonly #flashing = new Map<unknown, {turn: number; until: number}>();
  #scrollTop = 0;
  #height = 0;
  #shift = 0;
  #shownFirst = -1;
  readonly #resized = new ResizeObserver(() => {
    if (this.view.clientHeight !== this.#height) {
      this.#height = this.view.clientHeight;
      this.requestUpdate();
    }
  });

  /** Shows the first row, for when the user asked for other rows. */
  scrollToTop(): void {
    this.view.scrollTop = 0;
    this.#scrollTop = 0;
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) {
      this.#resized.observe(this.view);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  override firstUpdated(): void {
    this.#resized.observe(this.view);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before: readonly R[] | undefined = changed.get('rows');
    if (before !== undefined) {
      this.#keepInPlace(before);
      this.#noteChanges();
    }
  }

  override render(): unknown {
    const {first, last} = this.#range();
    this.#shownFirst = first;
    const rows = this.rows.slice(first, last);
    const now = Date.now();
    return html`<div
      class="view"
      role="table"
      aria-label=${this.label}
      aria-rowcount=${this.rows.length + 1}
      tabindex="0"
      ${cssProps({'--columns': this.columns.map((column) => column.width).join(' ')})}
      @scroll=${this.#scrolled}
    >
      <div class="row head" role="row" aria-rowindex="1">
        ${this.columns.map(
          (column) => html`<div class="cell ${column.align ?? ''}" role="columnheader">${column.header}</div>`,
        )}
      </div>
      <div class="body" role="rowgroup" ${cssProps({height: `${String(this.rows.length * this.rowHeight)}px`})}>
        ${repeat(
          rows,
          (row) => this.rowKey(row),
          (row, i) => {
            const flash = this.#flashing.get(this.rowKey(row));
            return html`<div
              class="row ${flash !== undefined && flash.until > now ? `flash-${String(flash.turn)}` : ''}"
              role="row"
              aria-rowindex=${first + i + 2}
              data-row=${String(this.rowKey(row))}
              ${cssProps({
                height: `${String(this.rowHeight)}px`,
                transform: `translateY(${String((first + i) * this.rowHeight)}px)`,
              })}
            >
              ${this.columns.map(
                (column) =>
                  html`<div class="cell ${column.align ?? ''} ${column.wrap === true ? 'wrap' : ''}" role="cell">
                    ${column.cell(row)}
                  </div>`,
              )}
            </div>`;
          },
        )}
      </div>
    </div>`;
  }

  override updated(): void {
    if (this.#shift !== 0) {
      this.view.scrollTop += this.#shift;
      this.#shift = 0;
      this.#scrollTop = this.view.scrollTop;
    }
    const {first, last} = this.#range();
    this.#drawn = new Map(this.rows.slice(first, last).map((row) => [this.rowKey(row), row]));
  }

  #range(): {first: number; last: number} {
    const visible = Math.ceil(this.#height / this.rowHeight) + 1;
    const top = Math.min(Math.floor(this.#scrollTop / this.rowHeight), Math.max(0, this.rows.length - visible));
    return {first: Math.max(0, top - SPARE_ROWS), last: Math.min(this.rows.length, top + visible + SPARE_ROWS)};
  }

  #scrolled(): void {
    this.#scrollTop = this.view.scrollTop;
    const {first} = this.#range();
    // A few rows are spare on each side: most scroll events draw nothing.
    if (Math.abs(first - this.#shownFirst) >= SPARE_ROWS / 2 || (first === 0 && this.#shownFirst !== 0)) {
      this.requestUpdate();
    }
  }

  #keepInPlace(before: readonly R[]): void {
    if (this.#scrollTop <= 0) {
      return;
    }
    const top = Math.floor(this.#scrollTop / this.rowHeight);
    // The row at the top may be gone: then one of the next ones is what stays in place.
    for (let i = top; i < Math.min(before.length, top + 20); i++) {
      const old = before[i];
      const now = this.rows[i];
      if (old === undefined) {
        return;
      }
      const key = this.rowKey(old);
      if (now !== undefined && this.rowKey(now) === key) {
        return;
      }
      const index = this.rows.findIndex((row) => this.rowKey(row) === key);
      if (index >= 0) {
        this.#shift += (index - i) * this.rowHeight;
        this.#scrollTop = Math.max(0, this.#scrollTop + (index - i) * this.rowHeight);
        return;
      }
    }
  }

  #noteChanges(): void {
    const now = Date.now();
    for (const [key, flash] of this.#flashing) {
      if (flash.until <= now) {
        this.#flashing.delete(key);
      }
    }
    if (this.#drawn.size === 0) {
      return;
    }
    for (const row of this.rows) {
      const key = this.rowKey(row);
      const old = this.#drawn.get(key);
      if (old !== undefined && old !== row) {
        this.#flashing.set(key, {turn: this.#flashing.get(key)?.turn === 0 ? 1 : 0, until: now + FLASH_MS});
      }
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'peek-table': PeekTable;
  }
}
