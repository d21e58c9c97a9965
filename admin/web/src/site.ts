/** Who is logged in. */
export interface Session {
  readonly user: string;
}

/** A refusal by the server, with a sentence for people. `status` 0 means that no answer came. */
export class SiteError extends Error {
  override name = 'SiteError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A header that other sites' pages cannot send, by which the server knows its own. */
const OWN_REQUEST = {'X-Peek-Request': '1'};
const NO_ANSWER = 'The server does not answer. Check that it runs and that this device reaches it, then try again.';

/** The session of this browser, or null when nobody is logged in. */
export async function currentSession(): Promise<Session | null> {
  const response = await send('GET', '/api/session');
  if (response.status === 401) {
    return null;
  }
  const body = await readJson(response);
  return {user: typeof body['user'] === 'string' ? body['user'] : ''};
}

export async function logIn(user: string, password: string): Promise<void> {
  await send('POST', '/api/login', JSON.stringify({user, password})).then(readJson);
}

export async function logOut(): Promise<void> {
  await send('POST', '/api/logout').then(readJson);
}

export type HealthState = 'starting' | 'running' | 'degraded' | 'failed' | 'stopping';

/** What a service says of itself. */
export interface Health {
  readonly service: string;
  readonly version: string;
  readonly state: string;
  readonly since: string;
  readonly plugins: readonly {
    readonly name: string;
    readonly version: string;
    readonly state: string;
    readonly problem?: string | null;
  }[];
  readonly links: readonly Readonly<Record<string, unknown>>[];
}

/** The health of the server; it answers with 503 while it is not well, and says why all the same. */
export async function health(): Promise<Health> {
  const response = await send('GET', '/health');
  const body = (await json(response)) as Partial<Health> | null;
  if (body === null || typeof body.state !== 'string') {
    throw new SiteError(response.status, `The server answered /health with ${String(response.status)} and no health.`);
  }
  return {
    service: body.service ?? 'server',
    version: body.version ?? '',
    state: body.state,
    since: body.since ?? '',
    plugins: body.plugins ?? [],
    links: body.links ?? [],
  };
}

export interface Installed {
  readonly name: string;
  readonly version: string;
  readonly message: string;
}

/**
 * Sends a plugin package and answers what the server made of it. XMLHttpRequest, because fetch does
 * not tell how much was sent.
 *
 * @param progress told the part that was sent, from 0 to 1
 */
export function uploadPlugin(file: File, progress: (part: number) => void): Promise<Installed> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/plugins');
    request.setRequestHeader('Content-Type', 'application/zip');
    request.setRequestHeader('X-Peek-File', encodeURIComponent(file.name));
    for (const [name, value] of Object.entries(OWN_REQUEST)) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => {
      progress(event.total === 0 ? 1 : event.loaded / event.total);
    };
    request.onerror = () => {
      reject(new SiteError(0, NO_ANSWER));
    };
    request.onload = () => {
      const body = object(parse(request.responseText));
      const message = typeof body['message'] === 'string' ? body['message'] : '';
      if (request.status === 200) {
        resolve({name: String(body['name']), version: String(body['version']), message});
      } else {
        reject(
          new SiteError(
            request.status,
            message === '' ? `The server refused ${file.name} with status ${String(request.status)}.` : message,
          ),
        );
      }
    };
    request.send(file);
  });
}

async function send(method: string, path: string, body?: string): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: body === undefined ? OWN_REQUEST : {...OWN_REQUEST, 'Content-Type': 'application/json'},
      ...(body === undefined ? {} : {body}),
      cache: 'no-store',
    });
  } catch {
    throw new SiteError(0, NO_ANSWER);
  }
}

async function readJson(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const body = object(await json(response));
  if (!response.ok) {
    const message = body['message'];
    throw new SiteError(
      response.status,
      typeof message === 'string' ? message : `The server refused with status ${String(response.status)}.`,
    );
  }
  return body;
}

async function json(response: Response): Promise<unknown> {
  return parse(await response.text());
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
