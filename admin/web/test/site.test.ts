import {afterEach, describe, expect, test, vi} from 'vitest';
import {inWords} from '../src/duration.js';
import {currentSession, health, logIn, SiteError, uploadPlugin} from '../src/site.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

function answers(status: number, body: unknown): {readonly calls: [string, RequestInit][]} {
  const calls: [string, RequestInit][] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    calls.push([path, init]);
    return Promise.resolve(
      new Response(status === 204 ? null : typeof body === 'string' ? body : JSON.stringify(body), {status}),
    );
  });
  return {calls};
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

describe('logging in', () => {
  test('sends user and password as JSON, with the header of our own pages', async () => {
    const {calls} = answers(204, null);
    await logIn('admin', 'secret');
    expect(calls).toEqual([
      [
        '/api/login',
        {
          method: 'POST',
          headers: {'X-Peek-Request': '1', 'Content-Type': 'application/json'},
          body: '{"user":"admin","password":"secret"}',
          cache: 'no-store',
        },
      ],
    ]);
  });

  test('tells the sentence of a refusal', async () => {
    answers(401, {message: 'User or password is wrong.'});
    const error = await errorOf(logIn('admin', 'x'));
    expect(error).toBeInstanceOf(SiteError);
    expect(error).toMatchObject({status: 401, message: 'User or password is wrong.'});
  });

  test('says that no answer came', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    expect(await errorOf(logIn('admin', 'x'))).toMatchObject({status: 0});
  });

  test('nobody is logged in at 401, and a failure is not taken for that', async () => {
    answers(401, {message: 'Nobody is logged in.'});
    expect(await currentSession()).toBeNull();
    answers(200, {user: 'admin'});
    expect(await currentSession()).toEqual({user: 'admin'});
    answers(500, 'oops');
    expect(await errorOf(currentSession())).toMatchObject({status: 500});
  });
});

test('health is read also when the service answers that it is not well', async () => {
  answers(503, {service: 'server', version: '0.1.0', state: 'degraded', since: '2026-11-21T00:00:00Z', plugins: []});
  expect(await health()).toMatchObject({state: 'degraded', links: []});
  answers(502, '<html>');
  expect(await errorOf(health())).toMatchObject({status: 502});
});

describe('uploading', () => {
  class FakeRequest {
    static last: FakeRequest;
    readonly headers: Record<string, string> = {};
    readonly upload: {onprogress?: (event: {loaded: number; total: number}) => void} = {};
    method = '';
    url = '';
    status = 0;
    responseText = '';
    sent: unknown = null;
    onload: () => void = () => undefined;
    onerror: () => void = () => undefined;

    constructor() {
      FakeRequest.last = this;
    }

    open(method: string, url: string): void {
      this.method = method;
      this.url = url;
    }

    setRequestHeader(name: string, value: string): void {
      this.headers[name] = value;
    }

    send(body: unknown): void {
      this.sent = body;
    }

    answers(status: number, body: string): void {
      this.status = status;
      this.responseText = body;
      this.onload();
    }
  }

  test('sends the raw file with its name, tells progress, and answers what the server said', async () => {
    vi.stubGlobal('XMLHttpRequest', FakeRequest);
    const file = new File(['zip'], 'tütorial 1.zip');
    const parts: number[] = [];
    const done = uploadPlugin(file, (part) => parts.push(part));
    const request = FakeRequest.last;
    request.upload.onprogress?.({loaded: 1, total: 4});
    request.answers(200, '{"name":"tutorial","version":"1.1.0","message":"Tutorial 1.1.0 is running."}');
    expect(await done).toEqual({name: 'tutorial', version: '1.1.0', message: 'Tutorial 1.1.0 is running.'});
    expect([request.method, request.url, request.sent]).toEqual(['POST', '/api/plugins', file]);
    expect(request.headers).toEqual({
      'Content-Type': 'application/zip',
      'X-Peek-File': 't%C3%BCtorial%201.zip',
      'X-Peek-Request': '1',
    });
    expect(parts).toEqual([0.25]);
  });

  test('rejects with the sentence of a refusal, or with one of its own', async () => {
    vi.stubGlobal('XMLHttpRequest', FakeRequest);
    const file = new File(['zip'], 'a.zip');
    const refused = errorOf(uploadPlugin(file, () => undefined));
    FakeRequest.last.answers(422, '{"message":"No."}');
    expect(await refused).toMatchObject({status: 422, message: 'No.'});
    const odd = errorOf(uploadPlugin(file, () => undefined));
    FakeRequest.last.answers(413, '<html>');
    expect(await odd).toMatchObject({status: 413, message: 'The server refused a.zip with status 413.'});
    const cut = errorOf(uploadPlugin(file, () => undefined));
    FakeRequest.last.onerror();
    expect(await cut).toMatchObject({status: 0});
  });
});

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [61, '1 minute 1 second'],
  [3600, '1 hour'],
  [3605, '1 hour'],
  [93_784, '1 day 2 hours'],
])('%d seconds are %s', (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});
