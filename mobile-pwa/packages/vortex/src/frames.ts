/**
 * Frames of protocol version 1: four bytes with the length of the header, the header as JSON, and a
 * payload. docs/developer/wire-format.md is the contract; the fixtures of the Java side are read by
 * the test beside this file.
 */

/** What a device sends. */
export type DeviceHeader =
  | {readonly kind: 'hello'; readonly protocol: 1; readonly name: string}
  | {readonly kind: 'observe'; readonly selector: string; readonly epoch?: string; readonly version?: number}
  | {readonly kind: 'unobserve'; readonly selector: string}
  | {readonly kind: 'snapshot'; readonly selector: string}
  | {
      readonly kind: 'action';
      readonly id: string;
      readonly type: string;
      /** With `sequence` and `acknowledged`: the action's place in a queue of this device. */
      readonly queue?: string;
      readonly sequence?: number;
      readonly acknowledged?: number;
    }
  | {
      readonly kind: 'performed';
      readonly id: string;
      readonly result: 'applied' | 'rejected' | 'failed';
      readonly code?: string;
      readonly message?: string;
    }
  | {readonly kind: 'ping'};

/** What a service sends. */
export type ServiceHeader =
  | {
      readonly kind: 'welcome';
      readonly protocol: number;
      readonly service: string;
      readonly name: string;
      readonly version: string;
      readonly caller: string;
    }
  | {
      readonly kind: 'snapshot';
      readonly selector: string;
      readonly epoch: string;
      readonly version: number;
      readonly gzip: boolean;
    }
  | {
      readonly kind: 'delta';
      readonly selector: string;
      readonly epoch: string;
      readonly from: number;
      readonly version: number;
      readonly gzip: boolean;
    }
  | {readonly kind: 'current'; readonly selector: string; readonly epoch: string; readonly version: number}
  | {readonly kind: 'problem'; readonly selector: string; readonly code: string; readonly message: string}
  | {
      readonly kind: 'outcome';
      readonly id: string;
      readonly result: string;
      readonly code: string;
      readonly message: string;
    }
  | {readonly kind: 'perform'; readonly id: string; readonly type: string}
  | {readonly kind: 'part'; readonly frame: number; readonly last: boolean}
  | {readonly kind: 'pong'}
  | {readonly kind: 'error'; readonly code: string; readonly message: string}
  | {readonly kind: 'unknown'; readonly name: string};

export interface Frame {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Uint8Array<ArrayBuffer>;
}

const MAX_HEADER_BYTES = 65_536;
const MAX_FRAME_FROM_DEVICE = 1024 * 1024;
const MAX_FRAME_TO_DEVICE = 32 * 1024 * 1024;
const MAX_NESTING = 64;
const NOTHING = new Uint8Array(0);

/** The peer, or a caller of this library, broke a rule of the wire format. */
export class FrameError extends Error {
  override name = 'FrameError';
}

/** Packs a frame of a device. The payload is the JSON value given, if any. */
export function encodeFrame(header: DeviceHeader, payload?: unknown): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const head = encoder.encode(JSON.stringify(header));
  const body = payload === undefined ? NOTHING : encoder.encode(JSON.stringify(payload));
  checkHeaderLength(head.length);
  if (4 + head.length + body.length > MAX_FRAME_FROM_DEVICE) {
    throw new FrameError(
      `A frame of kind ${header.kind} has ${String(4 + head.length + body.length)} bytes; a device may send ${String(MAX_FRAME_FROM_DEVICE)}.`,
    );
  }
  checkNesting(body, 'payload');
  const frame = new Uint8Array(4 + head.length + body.length);
  new DataView(frame.buffer).setUint32(0, head.length);
  frame.set(head, 4);
  frame.set(body, 4 + head.length);
  return frame;
}

/** Unpacks a frame without looking at the meaning of its header. */
export function decodeFrame(bytes: Uint8Array<ArrayBuffer>): Frame {
  if (bytes.length > MAX_FRAME_TO_DEVICE) {
    throw new FrameError(
      `A frame has ${String(bytes.length)} bytes; at most ${String(MAX_FRAME_TO_DEVICE)} are allowed.`,
    );
  }
  if (bytes.length < 4) {
    throw new FrameError(`A frame has ${String(bytes.length)} bytes and so no length of its header.`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  checkHeaderLength(length);
  if (4 + length > bytes.length) {
    throw new FrameError(`A frame of ${String(bytes.length)} bytes announces a header of ${String(length)} bytes.`);
  }
  const header = parseJson(bytes.subarray(4, 4 + length), 'header');
  if (!isObject(header)) {
    throw new FrameError('The header of a frame is not a JSON object.');
  }
  return {header, payload: bytes.subarray(4 + length)};
}

/** Reads the header of a service's frame; a kind of a later protocol becomes `unknown`. */
export function serviceHeader(header: Readonly<Record<string, unknown>>): ServiceHeader {
  const kind = text(header, 'kind');
  switch (kind) {
    case 'welcome':
      return {
        kind,
        protocol: count(header, 'protocol'),
        service: text(header, 'service'),
        name: text(header, 'name'),
        version: text(header, 'version'),
        caller: text(header, 'caller'),
      };
    case 'snapshot':
      return {
        kind,
        selector: text(header, 'selector'),
        epoch: text(header, 'epoch'),
        version: count(header, 'version'),
        gzip: header['gzip'] === true,
      };
    case 'delta':
      return {
        kind,
        selector: text(header, 'selector'),
        epoch: text(header, 'epoch'),
        from: count(header, 'from'),
        version: count(header, 'version'),
        gzip: header['gzip'] === true,
      };
    case 'current':
      return {
        kind,
        selector: text(header, 'selector'),
        epoch: text(header, 'epoch'),
        version: count(header, 'version'),
      };
    case 'problem':
      return {
        kind,
        selector: text(header, 'selector'),
        code: text(header, 'code'),
        message: text(header, 'message'),
      };
    case 'outcome': {
      const result = text(header, 'result');
      return result === 'applied'
        ? {kind, id: text(header, 'id'), result, code: '', message: ''}
        : {kind, id: text(header, 'id'), result, code: text(header, 'code'), message: text(header, 'message')};
    }
    case 'perform':
      return {kind, id: text(header, 'id'), type: text(header, 'type')};
    case 'part':
      return {kind, frame: count(header, 'frame'), last: header['last'] === true};
    case 'pong':
      return {kind};
    case 'error':
      return {kind, code: text(header, 'code'), message: text(header, 'message')};
    default:
      return {kind: 'unknown', name: kind};
  }
}

/** Parses JSON in UTF-8 that nests no deeper than the wire format allows. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  checkNesting(bytes, what);
  try {
    return JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes)) as unknown;
  } catch (cause) {
    throw new FrameError(`The ${what} of a frame is not JSON in UTF-8.`, {cause});
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkHeaderLength(length: number): void {
  if (length > MAX_HEADER_BYTES) {
    throw new FrameError(
      `The header of a frame has ${String(length)} bytes; at most ${String(MAX_HEADER_BYTES)} are allowed.`,
    );
  }
}

// Works on bytes, before parsing: no byte of a longer UTF-8 sequence looks like a quote or a bracket.
function checkNesting(bytes: Uint8Array, what: string): void {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inText) {
      if (byte === 0x5c) {
        i++;
      } else if (byte === 0x22) {
        inText = false;
      }
    } else if (byte === 0x22) {
      inText = true;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      if (depth > MAX_NESTING) {
        throw new FrameError(`The ${what} of a frame nests deeper than ${String(MAX_NESTING)}.`);
      }
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    }
  }
}

function text(header: Readonly<Record<string, unknown>>, name: string): string {
  const value = header[name];
  if (typeof value !== 'string') {
    throw new FrameError(`The header of a frame has no text '${name}'.`);
  }
  return value;
}

function count(header: Readonly<Record<string, unknown>>, name: string): number {
  const value = header[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new FrameError(`The header of a frame has no whole number '${name}'.`);
  }
  return value;
}
