import type {TupleSource} from '@peek/vortex';
import {act} from './acting.js';

/** The bytes of one piece; as Base64 it stays well below what a frame of a device may hold. */
export const PIECE_BYTES = 192 * 1024;

/**
 * Sends a file to the server, piece after piece. Answers null when all of it was received, else a
 * sentence that says why not.
 *
 * @param sent told how many bytes were received so far; answers whether to go on
 */
export async function uploadFile(
  source: TupleSource,
  importId: string,
  file: File,
  sent: (bytes: number) => boolean,
): Promise<string | null> {
  let problem = await act(source, 'StartImport', {importId, fileName: file.name, size: file.size});
  let offset = 0;
  while (problem === null && offset < file.size && sent(offset)) {
    let piece: Uint8Array;
    try {
      piece = new Uint8Array(await file.slice(offset, offset + PIECE_BYTES).arrayBuffer());
    } catch {
      return `${file.name} can no longer be read. Choose the file again.`;
    }
    problem = await act(source, 'AppendImport', {importId, offset, bytes: base64(piece)});
    offset += piece.length;
  }
  if (problem === null) {
    sent(offset);
  }
  return problem;
}

export function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // A call takes only so many arguments.
  for (let i = 0; i < bytes.length; i += 0x8000) {
    parts.push(String.fromCharCode(...bytes.subarray(i, i + 0x8000)));
  }
  return btoa(parts.join(''));
}
