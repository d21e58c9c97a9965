import '@peek/ui';
import type {LinkState, TupleState} from '@peek/vortex';
import {html, nothing} from 'lit';

/** How the service stands with the server behind it. */
export interface UpstreamRow {
  readonly service: string;
  readonly online: boolean;
  readonly problem: string | null;
}

export const UPSTREAM = {type: 'peek.Upstream'} as const;

/** Whether the service has no connection to the server, as far as it could say. */
export function serverIsLost(upstream: TupleState<UpstreamRow>): boolean {
  return upstream.kind === 'rows' && upstream.rows.some((row) => !row.online);
}

/** Says that what is shown may be out of date, and why. */
export function lostNotice(link: LinkState, upstream: TupleState<UpstreamRow>): unknown {
  if (link.kind === 'offline' || link.kind === 'ended' || (link.kind === 'connecting' && link.since !== null)) {
    return html`<peek-notice tone="warning" icon="warning" data-testid="offline">
      No connection to the service. What you see may be out of date; it continues by itself.
    </peek-notice>`;
  }
  return serverIsLost(upstream)
    ? html`<peek-notice tone="warning" icon="warning" data-testid="offline">
        The service has lost the server. What you see may be out of date; it continues by itself.
      </peek-notice>`
    : nothing;
}
