import type {LinkState, VortexClient} from '@peek/vortex';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {FakeSource} from '../../vortex/test/fake-source.js';
import {JoinError, Members} from '../src/membership.js';
import type {Membership, Token} from '../src/membership.js';
import '../src/peek-door.js';
import type {PeekDoor} from '../src/peek-door.js';

const LATER = '2999-01-01T00:00:00Z';
const TOKEN = `peek-${btoa(JSON.stringify({a: [], f: 'f'.repeat(43), k: 'device', s: 'x'}))}`;

class FakeMembers extends Members {
  next: () => Promise<Membership> = () => Promise.resolve({state: 'unknown'});
  readonly joined: {readonly token: Token; readonly name: string}[] = [];

  constructor() {
    super({read: () => Promise.resolve(null), write: () => Promise.resolve(), clear: () => Promise.resolve()});
  }

  override enter(): Promise<Membership> {
    return this.next();
  }

  override renew(): Promise<Membership> {
    return this.next();
  }

  override join(token: Token, name: string): Promise<Membership> {
    this.joined.push({token, name});
    return Promise.resolve({state: 'joined', until: LATER});
  }
}

class ClosableSource extends FakeSource {
  closed = false;

  close(): void {
    this.closed = true;
  }
}

let members: FakeMembers;
let sources: ClosableSource[];
let door: PeekDoor;

beforeEach(() => {
  members = new FakeMembers();
  sources = [];
  window.location.hash = '';
});

afterEach(() => {
  door.remove();
});

function open(): void {
  door = document.createElement('peek-door');
  door.members = members;
  door.dial = () => {
    const source = new ClosableSource();
    sources.push(source);
    return source as unknown as VortexClient;
  };
  document.body.append(door);
}

function page<K extends keyof HTMLElementTagNameMap>(name: K): Promise<HTMLElementTagNameMap[K]> {
  return vi.waitFor(() => {
    const found = door.shadowRoot?.querySelector(name);
    if (found == null) {
      throw new Error(`no ${name}`);
    }
    return found;
  });
}

function lose(): void {
  const state: LinkState = {kind: 'offline', since: 1, retryInMs: 250};
  sources[0]?.linkIs(state);
}

test('a device that is known sees the app at once', async () => {
  members.next = () => Promise.resolve({state: 'local'});
  open();
  expect((await page('peek-app')).source).toBe(sources[0]);
});

test('a device that is not known joins with the token of the address, which then leaves the address', async () => {
  window.location.hash = `#/join/${TOKEN.replace(/=/g, '')}`;
  open();
  const join = await page('peek-join');
  await join.updateComplete;
  expect(window.location.hash).not.toContain('peek-');
  expect(sources).toHaveLength(0);
  const root = join.shadowRoot;
  expect(root?.querySelector('[data-testid="join-token"]')).toBeNull();

  root?.querySelector('form')?.dispatchEvent(new Event('submit', {cancelable: true}));
  await join.updateComplete;
  expect(root?.querySelector('peek-error')?.error?.message).toBe('Enter a name for this device.');
  const name = root?.querySelector<HTMLElement & {value: string}>('[data-testid="join-name"]');
  if (name != null) {
    name.value = ' Ann’s phone ';
  }
  root?.querySelector('form')?.dispatchEvent(new Event('submit', {cancelable: true}));

  await page('peek-app');
  expect(members.joined).toMatchObject([{token: {secret: 'x'}, name: 'Ann’s phone'}]);
});

test('a device that is revoked while it is in is led out and told why', async () => {
  members.next = () => Promise.resolve({state: 'joined', until: LATER});
  open();
  await page('peek-app');
  members.next = () => Promise.reject(new JoinError('REVOKED', 'An administrator has revoked this device.'));

  lose();

  expect((await page('peek-join')).note).toBe('An administrator has revoked this device.');
  expect(sources[0]?.closed).toBe(true);
});

test('a device whose service is away stays in, and one that cannot ask at first may try again', async () => {
  members.next = () => Promise.reject(new JoinError('NO_ANSWER', 'No answer.'));
  open();
  expect((await page('peek-error')).error?.message).toBe('No answer.');
  members.next = () => Promise.resolve({state: 'joined', until: LATER});
  door.shadowRoot?.querySelector('peek-button')?.click();
  await page('peek-app');

  members.next = () => Promise.reject(new JoinError('NO_ANSWER', 'No answer.'));
  lose();
  await Promise.resolve();
  await Promise.resolve();

  expect(door.shadowRoot?.querySelector('peek-app')).not.toBeNull();
  expect(sources).toHaveLength(1);
});
