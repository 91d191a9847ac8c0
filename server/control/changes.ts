// How desired state changes: one change after the other, each in one transaction, then the catalog is read again and the whole desired state goes to the engine.
import type { AuditPort, OpenEntry, Operation } from '@/server/access/audit';
import type { Executor, Store } from '@/server/store/store';
import type { Catalog } from './catalog';

export class Changes {
  readonly #store: Store;
  readonly #audit: AuditPort;
  readonly #catalog: Catalog;
  readonly #send: () => void;
  #last: Promise<unknown> = Promise.resolve();

  /** @param options.send posts the catalog's desired state to the engine */
  constructor(options: { store: Store; audit: AuditPort; catalog: Catalog; send: () => void }) {
    this.#store = options.store;
    this.#audit = options.audit;
    this.#catalog = options.catalog;
    this.#send = options.send;
  }

  /** A change to the store alone: commits with its audit rows. `write` sees the catalog as no other change can alter it. */
  audited<T>(operation: Operation, write: (trx: Executor, entry: OpenEntry) => Promise<T>): Promise<T> {
    return this.#oneAtATime(() => this.#audit.within(operation, write));
  }

  /** The store's part of an operation that is audited around its calls to brokers. */
  inAudited<T>(write: (trx: Executor) => Promise<T>): Promise<T> {
    return this.#oneAtATime(() => this.#store.transaction(write));
  }

  #oneAtATime<T>(commit: () => Promise<T>): Promise<T> {
    const run = this.#last.then(async () => {
      const value = await commit();
      await this.#catalog.load();
      this.#send();
      return value;
    });
    this.#last = run.catch(() => undefined);
    return run;
  }
}
