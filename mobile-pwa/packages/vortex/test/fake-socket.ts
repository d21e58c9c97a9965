import {parseJson} from '../src/frames.js';
import type {SocketLike} from '../src/transport.js';

/** A socket whose other end is the test. */
export class FakeSocket implements SocketLike {
  binaryType = '';
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: {readonly data: unknown}) => void) | null = null;
  onclose: ((event: {readonly code: number; readonly reason: string}) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  readonly payloads: unknown[] = [];
  closedWith: number | null = null;

  send(data: Uint8Array<ArrayBuffer>): void {
    const length = new DataView(data.buffer).getUint32(0);
    this.sent.push(parseJson(data.subarray(4, 4 + length), 'header') as Record<string, unknown>);
    const payload = data.subarray(4 + length);
    this.payloads.push(payload.length === 0 ? null : parseJson(payload, 'payload'));
  }

  close(code?: number): void {
    this.closedWith = code ?? null;
  }

  opens(): void {
    this.onopen?.({} as never);
  }

  welcomes(): void {
    this.opens();
    this.tells({
      kind: 'welcome',
      protocol: 1,
      service: 'client',
      name: 'client',
      version: '0.1.0',
      caller: 'device:d-1',
    });
  }

  tells(header: Record<string, unknown>, payload?: unknown): void {
    this.tellsBytes(
      header,
      payload === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(payload)),
    );
  }

  tellsBytes(header: Record<string, unknown>, body: Uint8Array): void {
    const head = new TextEncoder().encode(JSON.stringify(header));
    const frame = new Uint8Array(4 + head.length + body.length);
    new DataView(frame.buffer).setUint32(0, head.length);
    frame.set(head, 4);
    frame.set(body, 4 + head.length);
    this.onmessage?.({data: frame.buffer});
  }

  breaks(code = 1006): void {
    this.onclose?.({code, reason: ''});
  }
}
