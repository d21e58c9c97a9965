import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {FakeSocket} from '../../../mobile-pwa/packages/vortex/test/fake-socket.js';
import '../src/peek-admin.js';
import type {PeekAdmin} from '../src/peek-admin.js';

let admin: PeekAdmin;
let user: string | null;
let sockets: FakeSocket[];

beforeEach(() => {
  user = null;
  sockets = [];
  vi.stubGlobal(
    'WebSocket',
    class extends FakeSocket {
      constructor() {
        super();
        sockets.push(this);
      }
    },
  );
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    if (path === '/api/login') {
      const {password} = JSON.parse(init.body as string) as {password: string};
      user = password === 'secret' ? 'admin' : null;
      return Promise.resolve(
        user === null ? Response.json({message: 'Wrong.'}, {status: 401}) : new Response(null, {status: 204}),
      );
    }
    return Promise.resolve(
      user === null ? Response.json({message: 'Nobody.'}, {status: 401}) : Response.json({user}, {status: 200}),
    );
  });
  admin = document.createElement('peek-admin');
  document.body.append(admin);
});

afterEach(() => {
  admin.remove();
});

function page<K extends keyof HTMLElementTagNameMap>(name: K): Promise<HTMLElementTagNameMap[K]> {
  return vi.waitFor(() => {
    const found = admin.shadowRoot?.querySelector(name);
    if (found == null) {
      throw new Error(`no ${name}`);
    }
    return found;
  });
}

async function enter(password: string): Promise<ShadowRoot> {
  const login = await page('admin-login');
  await login.updateComplete;
  const root = login.shadowRoot;
  if (root === null) {
    throw new Error('not drawn');
  }
  for (const [id, value] of [
    ['login-user', 'admin'],
    ['login-password', password],
  ]) {
    const field = root.querySelector<HTMLElement & {value: string}>(`[data-testid="${id ?? ''}"]`);
    if (field !== null) {
      field.value = value ?? '';
    }
  }
  root.querySelector('form')?.dispatchEvent(new Event('submit', {cancelable: true}));
  return root;
}

test('a wrong password is refused with the sentence of the server, the right one opens the pages', async () => {
  const root = await enter('wrong');
  await vi.waitFor(() => {
    expect(root.querySelector('peek-error')?.error?.message).toBe('Wrong.');
  });
  expect(sockets).toHaveLength(0);
  await enter('secret');
  expect((await page('admin-frame')).user).toBe('admin');
  expect(sockets).toHaveLength(1);
});

test('a server that forgot the session leads back to the log-in page, one that is away does not', async () => {
  await enter('secret');
  await page('admin-frame');
  sockets[0]?.welcomes();
  const known = user;
  sockets[0]?.breaks();
  await Promise.resolve();
  expect(admin.shadowRoot?.querySelector('admin-frame')).not.toBeNull();
  await vi.waitFor(() => {
    expect(sockets).toHaveLength(2);
  });
  expect(known).toBe('admin');
  user = null;
  sockets[1]?.breaks();
  expect((await page('admin-login')).note).toContain('session is over');
});

test('the end of the session, as close code 4401, leads back to the log-in page with a note', async () => {
  await enter('secret');
  await page('admin-frame');
  sockets[0]?.welcomes();
  sockets[0]?.breaks(4401);
  expect((await page('admin-login')).note).toContain('session is over');
});
