// @vitest-environment node
import {createServer} from 'node:http';
import type {IncomingMessage, Server, ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {FrameError} from '../src/frames.js';
import {HttpRecords, overHttp} from '../src/http-transport.js';
import type {HttpRecord} from '../src/http-transport.js';
import type {Transport} from '../src/transport.js';

const ID = 'A'.repeat(32);
const END = 0xffffffff;

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function record(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return Buffer.concat([word(bytes.length), bytes]);
}

function end(code: number, reason: string): Uint8Array {
  const text = new TextEncoder().encode(reason);
  return Buffer.concat([word(END), word(2 + text.length), new Uint8Array([code >> 8, code & 255]), text]);
}

describe('records', () => {
  const BYTES = Buffer.concat([record(ID), word(0), record('frame'), word(0), end(4401, 'Übersicht')]);
  const RECORDS = ['content ' + ID, 'question', 'content frame', 'question', 'end 4401 Übersicht'];

  function text(one: HttpRecord): string {
    switch (one.kind) {
      case 'content':
        return `content ${new TextDecoder().decode(one.bytes)}`;
      case 'question':
        return 'question';
      case 'end':
        return `end ${String(one.code)} ${one.reason}`;
    }
  }

  test.each([1, 2, 3, 5, 7, 31, BYTES.length])('are the same in chunks of %i bytes', (size) => {
    const records = new HttpRecords();
    const read: string[] = [];
    for (let at = 0; at < BYTES.length; at += size) {
      read.push(...[...records.take(BYTES.subarray(at, at + size))].map(text));
    }
    expect(read).toEqual(RECORDS);
  });

  test.each([word(32 * 1024 * 1024 + 1), Buffer.concat([word(END), word(1025)]), new TextEncoder().encode('<html>')])(
    'that claim too much are refused (%#)',
    (bytes) => {
      expect(() => [...new HttpRecords().take(bytes)]).toThrow(FrameError);
    },
  );
});

describe('over HTTP', () => {
  interface Posted {
    readonly path: string;
    readonly sequence: string | undefined;
    readonly own: string | undefined;
    readonly body: string;
  }

  let server: Server;
  let url: string;
  let stream: ServerResponse | null;
  let posted: Posted[];
  let seen: string[];
  let answerOpen: (response: ServerResponse) => void;
  let answerPost: (response: ServerResponse) => void;
  let transport: Transport | null;

  beforeEach(async () => {
    stream = null;
    posted = [];
    seen = [];
    transport = null;
    answerOpen = (response) => {
      response.writeHead(200, {'Content-Type': 'application/octet-stream'});
      response.write(record(ID));
      stream = response;
    };
    answerPost = (response) => {
      response.writeHead(204).end();
    };
    server = createServer((request, response) => {
      void handle(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/vortex/stream`;
  });

  afterEach(() => {
    transport?.close(1000, '');
    server.closeAllConnections();
    server.close();
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) {
      parts.push(part as Buffer);
    }
    const own = request.headers['x-peek-request'] as string | undefined;
    if (request.url === '/vortex/stream') {
      seen.push(`opening ${String(own)}`);
      answerOpen(response);
    } else {
      posted.push({
        path: request.url ?? '',
        sequence: request.headers['x-peek-sequence'] as string | undefined,
        own,
        body: Buffer.concat(parts).toString('latin1'),
      });
      answerPost(response);
    }
  }

  function open(): Transport {
    transport = overHttp(url)({
      opened: () => seen.push('opened'),
      frame: (bytes) => seen.push(`frame ${new TextDecoder().decode(bytes)}`),
      closed: (code, reason) => seen.push(`closed ${String(code)} ${reason}`),
    });
    return transport;
  }

  async function opened(): Promise<Transport> {
    const made = open();
    await sees('opened');
    return made;
  }

  async function sees(last: string): Promise<void> {
    await vi.waitFor(
      () => {
        expect(seen.at(-1)).toBe(last);
      },
      {timeout: 5_000, interval: 5},
    );
  }

  async function posts(count: number): Promise<void> {
    await vi.waitFor(
      () => {
        expect(posted).toHaveLength(count);
      },
      {timeout: 5_000, interval: 5},
    );
  }

  function latin(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString('latin1');
  }

  function frame(text: string): Uint8Array<ArrayBuffer> {
    return new Uint8Array(new TextEncoder().encode(text));
  }

  test('frames come in one answer and go up in numbered requests', async () => {
    const made = await opened();
    stream?.write(record('hi'));
    await sees('frame hi');
    made.send(frame('one'));
    await posts(1);
    made.send(frame('two'));
    await posts(2);

    expect(seen).toEqual(['opening 1', 'opened', 'frame hi']);
    const path = `/vortex/stream/${ID}`;
    expect(posted).toEqual([
      {path, sequence: '1', own: '1', body: latin(record('one'))},
      {path, sequence: '2', own: '1', body: latin(record('two'))},
    ]);
  });

  test('frames that wait go up together, up to 64 KiB', async () => {
    const made = await opened();
    made.send(frame('first'));
    made.send(frame('a'.repeat(40_000)));
    made.send(frame('b'));
    made.send(frame('c'.repeat(40_000)));
    await posts(3);

    expect(posted.map(({sequence, body}) => [sequence, body.length])).toEqual([
      ['1', 9],
      ['2', 40_009],
      ['3', 40_004],
    ]);
  });

  test('a request without an answer is sent again under its number', async () => {
    const made = await opened();
    let failures = 2;
    answerPost = (response) => {
      failures--;
      if (failures === 1) {
        response.destroy();
      } else {
        response.writeHead(failures === 0 ? 502 : 204).end();
      }
    };
    made.send(frame('one'));
    await posts(3);

    expect(posted.map(({sequence}) => sequence)).toEqual(['1', '1', '1']);
    expect(new Set(posted.map(({body}) => body)).size).toBe(1);
    expect(seen.at(-1)).toBe('opened');
  });

  test('a request that is refused ends the link', async () => {
    const made = await opened();
    answerPost = (response) => {
      response.writeHead(409).end();
    };
    made.send(frame('one'));

    await sees('closed 1006 ');
  });

  test('a link that has ended says why at the end of its answer', async () => {
    const made = await opened();
    answerPost = (response) => {
      response.writeHead(410).end();
      stream?.end(end(4401, 'the log-in has ended'));
    };
    made.send(frame('one'));

    await sees('closed 4401 the log-in has ended');
  });

  test('the question whether this side is there is answered by an empty request', async () => {
    await opened();
    stream?.write(word(0));
    await posts(1);

    expect(posted[0]).toMatchObject({sequence: '1', body: ''});
  });

  test('an answer that breaks off ends the link without a reason', async () => {
    await opened();
    stream?.destroy();

    await sees('closed 1006 ');
  });

  test('the refusal of the service comes with its sentence', async () => {
    answerOpen = (response) => {
      response
        .writeHead(403, {'Content-Type': 'application/json'})
        .end(JSON.stringify({code: 'NOT_ALLOWED', message: 'Please log in.'}));
    };
    open();

    await sees('closed 1008 Please log in.');
  });

  test.each([
    [200, 'text/html'],
    [403, 'text/html'],
    [200, 'application/json'],
  ])('an answer with status %i of type %s is no link', async (status, type) => {
    answerOpen = (response) => {
      response.writeHead(status, {'Content-Type': type}).end('<p>Welcome to the hotel.</p>');
    };
    open();

    await sees('closed 1006 ');
  });

  test('a record larger than the largest frame ends the link with a sentence', async () => {
    await opened();
    stream?.write(word(0x7fffffff));

    await sees('closed 4400 A record claims 2147483647 bytes; 33554432 are the most.');
  });

  test('closing tells the service why, after what was sent before, and nothing more is told here', async () => {
    const made = await opened();
    const gone = new Promise((resolve) => stream?.on('close', resolve));
    made.send(frame('last'));
    made.close(1000, 'done');
    await posts(2);
    await gone;

    expect(posted.map(({body}) => body)).toEqual([latin(record('last')), latin(end(1000, 'done'))]);
    expect(seen.at(-1)).toBe('opened');
  });

  test('nobody at the other end is an end without a reason', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    open();

    await sees('closed 1006 ');
  });
});
