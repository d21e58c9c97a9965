/** What this device is at the service that the page came from. */
export interface Membership {
  /** `local`: a browser on the machine of the service, which need not join. */
  readonly state: 'local' | 'joined' | 'unknown';
  /** Until when the service knows the device without another proof. */
  readonly until?: string;
}

/** A token, as far as a device needs it. */
export interface Token {
  readonly secret: string;
  readonly fingerprint: string;
  readonly name: string | null;
}

/** Who this device is, once it has joined. */
export interface Identity {
  readonly id: string;
  readonly name: string;
  /** Of the server, from the token: proofs name it. */
  readonly fingerprint: string;
  readonly keys: CryptoKeyPair;
}

/** Keeps the identity of this device. */
export interface IdentityStore {
  read(): Promise<Identity | null>;
  write(identity: Identity): Promise<void>;
  clear(): Promise<void>;
}

/** Why a device was not let in, as a sentence for people. */
export class JoinError extends Error {
  override name = 'JoinError';
  /** `NO_ANSWER` when the service could not be asked. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }

  /** Whether the server does not let in who this device was. */
  get isFinal(): boolean {
    return this.code === 'REVOKED' || this.code === 'NOT_JOINED';
  }
}

const OWN_REQUEST = {'X-Peek-Request': '1'};
const ALGORITHM = {name: 'ECDSA', namedCurve: 'P-256'};

/** Reads a token, or answers null when `text` is not a whole one. */
export function readToken(text: string): Token | null {
  const encoded = /^peek-([A-Za-z0-9_-]{8,4000})$/.exec(text.replace(/\s/g, ''))?.[1];
  if (encoded === undefined) {
    return null;
  }
  try {
    const bytes = Uint8Array.from(atob(encoded.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0));
    const token = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>>;
    const {f: fingerprint, k: kind, n: name, s: secret} = token;
    return kind === 'device' && typeof secret === 'string' && typeof fingerprint === 'string'
      ? {secret, fingerprint, name: typeof name === 'string' ? name : null}
      : null;
  } catch {
    return null;
  }
}

/** Joins a device to the system, and proves it again when that is due. */
export class Members {
  readonly #store: IdentityStore;

  constructor(store: IdentityStore) {
    this.#store = store;
  }

  /** What this device is, after a proof if the service asks for one. */
  async enter(): Promise<Membership> {
    const identity = await this.#store.read();
    // Asking with a key of one's own is not yet a refusal.
    const found = await ask<Membership>('GET', identity === null ? '/join/state' : '/join/state?key');
    return found.state === 'unknown' && identity !== null ? this.#prove(identity) : found;
  }

  /** Proves this device again, before the service forgets it. */
  async renew(): Promise<Membership> {
    const identity = await this.#store.read();
    return identity === null ? {state: 'unknown'} : this.#prove(identity);
  }

  /** Joins with a token; the key made for it never leaves the browser. */
  async join(token: Token, name: string): Promise<Membership> {
    if (!('subtle' in crypto)) {
      throw new JoinError('INSECURE', 'This browser makes keys on pages with https only. Open the page with https.');
    }
    const keys = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
    const publicKey = encoded(await crypto.subtle.exportKey('spki', keys.publicKey));
    const joined = await ask<{id: string; name: string; until: string}>('POST', '/join/device', {
      secret: token.secret,
      name,
      publicKey,
    });
    await this.#store.write({id: joined.id, name: joined.name, fingerprint: token.fingerprint, keys});
    return {state: 'joined', until: joined.until};
  }

  async #prove({id, fingerprint, keys}: Identity): Promise<Membership> {
    const {nonce} = await ask<{nonce: string}>('GET', '/join/challenge');
    const text = ['peek proof 1', nonce, fingerprint, id].join('\n');
    const signature = encoded(
      await crypto.subtle.sign({name: 'ECDSA', hash: 'SHA-256'}, keys.privateKey, new TextEncoder().encode(text)),
    );
    try {
      const proven = await ask<{until: string}>('POST', '/join/prove', {id, nonce, signature});
      return {state: 'joined', until: proven.until};
    } catch (error) {
      if (error instanceof JoinError && error.isFinal) {
        await this.#store.clear();
      }
      throw error;
    }
  }
}

async function ask<T>(method: 'GET' | 'POST', path: string, body?: Readonly<Record<string, string>>): Promise<T> {
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? OWN_REQUEST : {...OWN_REQUEST, 'Content-Type': 'application/json'},
      ...(body === undefined ? {} : {body: JSON.stringify(body)}),
      cache: 'no-store',
    });
    answer = await response.json();
  } catch {
    throw new JoinError('NO_ANSWER', 'The service does not answer. Check that this device reaches it, then try again.');
  }
  if (!response.ok) {
    const {code, message} = answer as Partial<Readonly<Record<string, string>>>;
    throw new JoinError(code ?? '', message ?? `The service refused with status ${String(response.status)}.`);
  }
  return answer as T;
}

function encoded(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');
}
