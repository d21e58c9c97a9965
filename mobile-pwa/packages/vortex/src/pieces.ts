import {FrameError} from './frames.js';

const MAX_FRAME_TO_DEVICE = 32 * 1024 * 1024;

/** Puts frames together that came in pieces, because others were to overtake the rest of them. */
export class Pieces {
  readonly #frames = new Map<number, Uint8Array[]>();
  #held = 0;

  /** Takes a piece; with the last one answers the whole frame, as bytes. */
  take(frame: number, piece: Uint8Array, last: boolean): Uint8Array<ArrayBuffer> | null {
    const pieces = this.#frames.get(frame) ?? [];
    pieces.push(piece);
    this.#held += piece.length;
    if (this.#held > MAX_FRAME_TO_DEVICE) {
      throw new FrameError(`Frames in pieces have more than ${String(MAX_FRAME_TO_DEVICE)} bytes together.`);
    }
    if (!last) {
      this.#frames.set(frame, pieces);
      return null;
    }
    this.#frames.delete(frame);
    const whole = new Uint8Array(pieces.reduce((sum, one) => sum + one.length, 0));
    let at = 0;
    for (const one of pieces) {
      whole.set(one, at);
      at += one.length;
    }
    this.#held -= whole.length;
    return whole;
  }
}
