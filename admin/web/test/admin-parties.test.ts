import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {FakeSource} from '../../../mobile-pwa/packages/vortex/test/fake-source.js';
import '../src/admin-parties.js';
import type {AdminParties} from '../src/admin-parties.js';
import {pathOf} from '../src/qr-code.js';

const PARTIES = '["admin.Party"]';
const REFUSALS = '["admin.Refusal"]';
const DEPOT = {
  id: 'p-1',
  kind: 'client',
  name: 'depot',
  ofHome: false,
  joinedAt: '2026-11-25T10:00:00Z',
  joinedFrom: '192.0.2.7',
  lastSeenAt: '2026-11-25T11:00:00Z',
  revokedAt: null,
};

let source: FakeSource;
let parties: AdminParties;

beforeEach(async () => {
  source = new FakeSource();
  parties = document.createElement('admin-parties');
  parties.source = source;
  document.body.append(parties);
  await parties.updateComplete;
});

afterEach(() => {
  parties.remove();
});

function find(id: string, root: ParentNode | null | undefined = parties.shadowRoot): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`[data-testid="${id}"]`) ?? null;
}

async function drawn(): Promise<HTMLElement> {
  return vi.waitFor(() => {
    const root = parties.shadowRoot?.querySelector('admin-token')?.shadowRoot;
    const dialog = find('token-dialog', root);
    if (dialog === null) {
      throw new Error('no dialog');
    }
    return dialog;
  });
}

test('who has joined and who was refused is listed, and an empty list says what to do', async () => {
  source.rows(PARTIES, []);
  source.rows(REFUSALS, []);
  await parties.updateComplete;
  expect(find('parties-empty')).not.toBeNull();
  expect(find('refusals-empty')).not.toBeNull();

  source.rows(PARTIES, [DEPOT]);
  source.rows(REFUSALS, [
    {
      who: 'a <b>device</b>',
      address: '192.0.2.9',
      why: 'It has not joined.',
      count: 3,
      firstAt: '2026-11-25T10:00:00Z',
      lastAt: '2026-11-25T11:00:00Z',
    },
  ]);
  await parties.updateComplete;
  expect(find('party-depot')?.textContent).toMatch(/depot\s*Client service/);
  expect(find('refusal')?.textContent).toContain('a <b>device</b>');
  expect(find('refusal')?.textContent).toContain('From 192.0.2.9, 3 times');
});

test('a party is revoked only after a question', async () => {
  source.rows(PARTIES, [DEPOT]);
  await parties.updateComplete;

  find('revoke-depot')?.click();
  find('confirm-no', document)?.click();
  await Promise.resolve();
  expect(source.acted).toEqual([]);

  find('revoke-depot')?.click();
  find('confirm-yes', document)?.click();
  await vi.waitFor(() => {
    expect(source.acted).toEqual([{type: 'admin.RevokeParty', fields: {id: 'p-1'}}]);
  });
});

test('a token is shown once with its link and its code, a refusal leaves the form', async () => {
  find('make-token')?.click();
  await parties.updateComplete;
  source.outcome = () => Promise.resolve({kind: 'rejected', code: 'CONFLICT', message: 'The name is taken.'});
  find('token-make', await drawn())?.click();
  await vi.waitFor(async () => {
    expect(find('token-problem', await drawn())?.textContent).toBe('The name is taken.');
  });

  source.outcome = () =>
    Promise.resolve({
      kind: 'applied',
      values: [
        {
          text: 'peek-abc',
          link: 'https://host:8000/#/join/peek-abc',
          code: ['#.', '.#'],
          expiresAt: new Date(Date.now() + 60_000).toISOString(),
          warning: null,
        },
      ],
    });
  find('token-make', await drawn())?.click();
  await vi.waitFor(async () => {
    expect(find('token-link', await drawn())?.textContent).toBe('https://host:8000/#/join/peek-abc');
  });
  const dialog = await drawn();
  expect(find('token-text', dialog)?.textContent).toBe('peek-abc');
  expect(find('token-code', dialog)).toMatchObject({lines: ['#.', '.#']});
  expect(find('token-left', dialog)?.textContent).toMatch(/within the next\s+(1:00|0:59)/);
  expect(source.acted[1]).toEqual({
    type: 'admin.MakeToken',
    fields: {kind: 'device', name: null, host: null},
  });

  find('token-done', dialog)?.click();
  await parties.updateComplete;
  expect(parties.shadowRoot?.querySelector('admin-token')).toBeNull();
});

test('the dark squares of a code become runs inside a free border', () => {
  expect(pathOf(['##.#', '....'])).toBe('M4 4h2v1h-2zM7 4h1v1h-1z');
});
