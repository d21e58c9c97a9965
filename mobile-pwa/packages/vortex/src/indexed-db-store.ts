import {openDB} from 'idb';
import type {DBSchema, IDBPDatabase} from 'idb';
import type {QueueStore, QueueTransaction, StoredAction, StoredLane} from './queue-store.js';

interface Schema extends DBSchema {
  actions: {key: number; value: StoredAction; indexes: {waiting: [string, string, string]}};
  lanes: {key: [string, string]; value: StoredLane};
  facts: {key: string; value: string};
}

const OWNER = 'owner';

/** Keeps queued actions in the browser's own database, where they outlive the page and the device's restart. */
export class IndexedDbStore implements QueueStore {
  readonly #name: string;
  #opening: Promise<IDBPDatabase<Schema>> | null = null;

  /** @param name of the database; every site has its own databases anyway */
  constructor(name = 'peek-queue') {
    this.#name = name;
  }

  async transaction<T>(work: (transaction: QueueTransaction) => Promise<T>): Promise<T> {
    const database = await this.#database();
    const transaction = database.transaction(['actions', 'lanes', 'facts'], 'readwrite', {durability: 'strict'});
    const actions = transaction.objectStore('actions');
    const lanes = transaction.objectStore('lanes');
    const facts = transaction.objectStore('facts');
    // A transaction that aborts rejects this as well as the call that made it abort.
    transaction.done.catch(() => undefined);
    try {
      const result = await work({
        all: () => actions.getAll(),
        count: () => actions.count(),
        get: (n) => actions.get(n),
        waiting: (owner, plugin, limit) =>
          actions.index('waiting').getAll(IDBKeyRange.only([owner, plugin, 'waiting']), limit),
        // The place is the key that the database makes; the type cannot say that it is not there yet.
        add: (action) => actions.add(action as StoredAction),
        put: async (action) => {
          await actions.put(action);
        },
        remove: (n) => actions.delete(n),
        lane: (owner, plugin) => lanes.get([owner, plugin]),
        putLane: async (owner, plugin, lane) => {
          await lanes.put(lane, [owner, plugin]);
        },
        owner: async () => (await facts.get(OWNER)) ?? '',
        putOwner: async (owner) => {
          await facts.put(owner, OWNER);
        },
      });
      await transaction.done;
      return result;
    } catch (error) {
      try {
        transaction.abort();
      } catch {
        // It is over already.
      }
      throw error;
    }
  }

  #database(): Promise<IDBPDatabase<Schema>> {
    this.#opening ??= openDB<Schema>(this.#name, 1, {
      upgrade: (database) => {
        database
          .createObjectStore('actions', {keyPath: 'n', autoIncrement: true})
          .createIndex('waiting', ['owner', 'plugin', 'state']);
        database.createObjectStore('lanes');
        database.createObjectStore('facts');
      },
      // Another page brings a later version of the database: give way, and open again when needed.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        this.#opening = null;
      },
      terminated: () => {
        this.#opening = null;
      },
    }).catch((error: unknown) => {
      this.#opening = null;
      throw error;
    });
    return this.#opening;
  }
}
