import {FrameError} from './frames.js';

// A frame of 32 MiB could unpack to a thousand times its size.
const MAX_UNPACKED = 256 * 1024 * 1024;

/** Unpacks gzip with the browser's own means. */
export async function inflateGzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) {
      break;
    }
    parts.push(value);
    length += value.length;
    if (length > MAX_UNPACKED) {
      await reader.cancel();
      throw new FrameError(`A payload unpacks to more than ${String(MAX_UNPACKED)} bytes.`);
    }
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
