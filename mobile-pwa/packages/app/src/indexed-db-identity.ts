import type {Identity, IdentityStore} from './membership.js';

const DATABASE = 'peek-device';
const STORE = 'identity';
const KEY = 'this';

/** Keeps the identity in the browser's database, which holds keys without showing them to the page. */
export class IndexedDbIdentity implements IdentityStore {
  async read(): Promise<Identity | null> {
    const found: unknown = await this.#do<unknown>('readonly', (store) => store.get(KEY));
    return (found as Identity | undefined) ?? null;
  }

  async write(identity: Identity): Promise<void> {
    await this.#do('readwrite', (store) => store.put(identity, KEY));
  }

  async clear(): Promise<void> {
    await this.#do('readwrite', (store) => store.delete(KEY));
  }

  async #do<T>(mode: IDBTransactionMode, what: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, mode);
        const request = what(transaction.objectStore(STORE));
        transaction.oncomplete = () => {
          resolve(request.result);
        };
        transaction.onabort = () => {
          reject(transaction.error ?? new Error('the database of the browser gave up'));
        };
      });
    } finally {
      database.close();
    }
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE);
    };
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('the database of the browser does not open'));
    };
  });
}
