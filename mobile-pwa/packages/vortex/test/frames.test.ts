// @vitest-environment node
import {describe, expect, test} from 'vitest';
import {decodeFrame, encodeFrame, FrameError, parseJson, serviceHeader} from '../src/frames.js';
import type {DeviceHeader} from '../src/frames.js';
import {inflateGzip} from '../src/inflate.js';
import {applyDelta} from '../src/rows.js';
import type {Delta} from '../src/rows.js';
import {selectorText} from '../src/selectors.js';
import {fixtures} from './fixtures.js';

interface FrameFixture {
  readonly name: string;
  readonly frameBase64: string;
  readonly header: Record<string, unknown>;
  readonly payload: unknown;
}

interface Rows {
  readonly keys: string[];
  readonly rows: unknown[];
}

const FROM_DEVICE = new Set(['hello', 'observe', 'unobserve', 'action', 'performed', 'ping']);

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

describe('the fixtures shared with Java', () => {
  test.each(fixtures('frame-'))('$file decodes to its header and payload', async ({content}) => {
    const fixture = content as FrameFixture;
    const frame = decodeFrame(bytesOf(fixture.frameBase64));
    expect(frame.header).toEqual(fixture.header);
    const plain = frame.header['gzip'] === true ? await inflateGzip(frame.payload) : frame.payload;
    expect(plain.length === 0 ? null : parseJson(plain, 'payload')).toEqual(fixture.payload);
  });

  const sent = fixtures('frame-').filter(({content}) =>
    FROM_DEVICE.has((content as FrameFixture).header['kind'] as string),
  );
  test.each(sent)('$file encodes to the same bytes', ({content}) => {
    const fixture = content as FrameFixture;
    const frame = encodeFrame(fixture.header as unknown as DeviceHeader, fixture.payload ?? undefined);
    expect(Buffer.from(frame).toString('base64')).toBe(fixture.frameBase64);
  });

  test.each(fixtures('delta-'))('$file gives the rows after', ({content}) => {
    const fixture = content as {readonly before: Rows; readonly delta: Delta; readonly after: Rows};
    expect(applyDelta(fixture.before, fixture.delta).after).toEqual(fixture.after);
  });

  test('every selector has the text of its fixture', () => {
    const [file] = fixtures('selectors');
    const all = file?.content as {readonly type: string; readonly key: Record<string, string>; readonly text: string}[];
    expect(all.length).toBeGreaterThan(0);
    for (const {type, key, text} of all) {
      expect(selectorText({type, key})).toBe(text);
    }
  });
});

describe('limits', () => {
  test('a frame of a device is at most 1 MiB', () => {
    const header: DeviceHeader = {kind: 'action', id: 'a', type: 't.T'};
    expect(() => encodeFrame(header, {text: 'x'.repeat(1024 * 1024)})).toThrow(FrameError);
    expect(encodeFrame(header, {text: 'x'.repeat(1000 * 1000)}).length).toBeLessThan(1024 * 1024);
  });

  test('JSON nests at most 64 deep, brackets in texts not counted', () => {
    const deep = (n: number): Uint8Array => new TextEncoder().encode('['.repeat(n) + ']'.repeat(n));
    expect(() => parseJson(deep(65), 'payload')).toThrow(/deeper than 64/);
    expect(parseJson(deep(64), 'payload')).toBeInstanceOf(Array);
    const text = JSON.stringify(['\\"' + '['.repeat(100)]);
    expect(parseJson(new TextEncoder().encode(text), 'payload')).toEqual(['\\"' + '['.repeat(100)]);
  });

  test('a header longer than its frame, or than 65,536 bytes, is refused', () => {
    expect(() => decodeFrame(new Uint8Array([0, 0, 0, 9, 123, 125]))).toThrow(/announces a header of 9 bytes/);
    expect(() => decodeFrame(new Uint8Array([0, 1, 0, 1, 123, 125]))).toThrow(/at most 65536/);
    expect(() => decodeFrame(new Uint8Array([0, 0]))).toThrow(FrameError);
  });

  test('a selector has at most 4,096 characters', () => {
    expect(() => selectorText({type: 'a.B', key: {x: 'y'.repeat(4096)}})).toThrow(RangeError);
  });
});

test('a kind of a later protocol is unknown, a member missing from a known one is refused', () => {
  expect(serviceHeader({kind: 'sing', loud: true})).toEqual({kind: 'unknown', name: 'sing'});
  expect(() => serviceHeader({kind: 'current', selector: '["a.B"]', epoch: 'e'})).toThrow(/no whole number 'version'/);
});
