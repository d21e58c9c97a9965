import {beforeEach, expect, test, vi} from 'vitest';
import {JoinError, Members, readToken} from '../src/membership.js';
import type {Identity, IdentityStore} from '../src/membership.js';

class InMemoryIdentity implements IdentityStore {
  identity: Identity | null = null;

  read(): Promise<Identity | null> {
    return Promise.resolve(this.identity);
  }

  write(identity: Identity): Promise<void> {
    this.identity = identity;
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.identity = null;
    return Promise.resolve();
  }
}

const FINGERPRINT = 'f'.repeat(43);
const TOKEN = {secret: 'the secret', fingerprint: FINGERPRINT, name: null};

let store: InMemoryIdentity;
let members: Members;
let asked: {path: string; body: Readonly<Record<string, string>>}[];
/** The answers of the service by path; a string is the code of a refusal. */
let answers: Record<string, unknown>;

beforeEach(() => {
  store = new InMemoryIdentity();
  members = new Members(store);
  asked = [];
  answers = {};
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push({
      path,
      body: init.body === undefined ? {} : (JSON.parse(init.body as string) as Record<string, string>),
    });
    const answer = answers[path];
    return answer === undefined
      ? Promise.reject(new TypeError('no network'))
      : Promise.resolve(
          typeof answer === 'string'
            ? Response.json({code: answer, message: `It is ${answer}.`}, {status: 403})
            : Response.json(answer),
        );
  });
});

function encode(token: unknown): string {
  return `peek-${btoa(JSON.stringify(token)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')}`;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
}

async function join(): Promise<Identity> {
  answers['/join/device'] = {id: 'd-1', name: 'phone', until: '2026-11-26T00:00:00Z'};
  await members.join(TOKEN, 'phone');
  if (store.identity === null) {
    throw new Error('nothing was kept');
  }
  return store.identity;
}

test('a token for a device is read, with blanks and line breaks in it, and nothing else is', () => {
  const text = encode({a: [], f: FINGERPRINT, k: 'device', n: 'Ann', s: 'x'});
  expect(readToken(` ${text.slice(0, 20)}\n${text.slice(20)} `)).toEqual({
    secret: 'x',
    fingerprint: FINGERPRINT,
    name: 'Ann',
  });
  expect(readToken(encode({a: [], f: FINGERPRINT, k: 'client', s: 'x'}))).toBeNull();
  for (const bad of ['', 'peek-', 'peek-!!!!!!!!!!', 'peek-AAAAAAAAAA', text.slice(0, -8), text.slice(5)]) {
    expect(readToken(bad)).toBeNull();
  }
});

test('a device that joins hands in a public key and keeps a private one that cannot be taken out', async () => {
  const identity = await join();

  expect(asked[0]).toMatchObject({path: '/join/device', body: {secret: 'the secret', name: 'phone'}});
  expect(bytes(asked[0]?.body['publicKey'] ?? '')).toHaveLength(91);
  expect(identity).toMatchObject({id: 'd-1', fingerprint: FINGERPRINT});
  expect(identity.keys.privateKey.extractable).toBe(false);
});

test('a device that the service does not know any more proves its key, naming the server it joined', async () => {
  const identity = await join();
  answers['/join/state?key'] = {state: 'unknown'};
  answers['/join/challenge'] = {nonce: 'n-1', fingerprint: 'of another server'};
  answers['/join/prove'] = {until: '2026-11-27T00:00:00Z'};

  expect(await members.enter()).toEqual({state: 'joined', until: '2026-11-27T00:00:00Z'});

  const proof = asked.at(-1)?.body ?? {};
  expect(proof).toMatchObject({id: 'd-1', nonce: 'n-1'});
  const signed = new TextEncoder().encode(`peek proof 1\nn-1\n${FINGERPRINT}\nd-1`);
  expect(
    await crypto.subtle.verify(
      {name: 'ECDSA', hash: 'SHA-256'},
      identity.keys.publicKey,
      bytes(proof['signature'] ?? ''),
      signed,
    ),
  ).toBe(true);
});

test('a browser on the machine itself, and a device that is known, need no proof', async () => {
  answers['/join/state'] = {state: 'local'};
  expect(await members.enter()).toEqual({state: 'local'});
  await join();
  answers['/join/state?key'] = {state: 'joined', id: 'd-1', until: 'later'};
  expect(await members.enter()).toMatchObject({state: 'joined', until: 'later'});
  expect(asked.map(({path}) => path)).not.toContain('/join/prove');
});

test('a revoked device forgets who it was; one whose service is away does not', async () => {
  await join();
  answers['/join/state?key'] = {state: 'unknown'};
  answers['/join/challenge'] = {nonce: 'n-1'};
  await expect(members.enter()).rejects.toMatchObject({code: 'NO_ANSWER'});
  expect(store.identity).not.toBeNull();

  answers['/join/prove'] = 'REVOKED';
  await expect(members.enter()).rejects.toThrow(new JoinError('REVOKED', 'It is REVOKED.'));
  expect(store.identity).toBeNull();
});

test('a refused token says why and nothing is kept', async () => {
  answers['/join/device'] = 'NOT_ALLOWED';
  await expect(members.join(TOKEN, 'phone')).rejects.toThrow('It is NOT_ALLOWED.');
  expect(store.identity).toBeNull();
});
