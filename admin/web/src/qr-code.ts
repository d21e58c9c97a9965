import {css, html, LitElement} from 'lit';
import {customElement, property} from 'lit/decorators.js';

/** Squares left free around a code, without which cameras do not find it. */
const BORDER = 4;

/**
 * A QR code out of squares that the server has worked out. Dark on white in every theme: many cameras read nothing else.
 *
 * @element qr-code
 */
@customElement('qr-code')
export class QrCode extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }

    svg {
      display: block;
      width: 100%;
      border-radius: var(--peek-radius-medium);
      background: #fff;
      shape-rendering: crispedges;
    }
  `;

  /** A text for each line of squares, with `#` for the dark ones. */
  @property({attribute: false}) lines: readonly string[] = [];
  /** What the code leads to, for those who do not see it. */
  @property() label = 'QR code';

  override render(): unknown {
    const size = this.lines.length + 2 * BORDER;
    return html`<svg viewBox="0 0 ${size} ${size}" role="img" aria-label=${this.label}>
      <path d=${pathOf(this.lines)} fill="#000" />
    </svg>`;
  }
}

/** The dark squares as one path, each run of a line as one piece. */
export function pathOf(lines: readonly string[]): string {
  const pieces: string[] = [];
  lines.forEach((line, y) => {
    for (const run of line.matchAll(/#+/g)) {
      const length = String(run[0].length);
      pieces.push(`M${String(run.index + BORDER)} ${String(y + BORDER)}h${length}v1h-${length}z`);
    }
  });
  return pieces.join('');
}

declare global {
  interface HTMLElementTagNameMap {
    'qr-code': QrCode;
  }
}
