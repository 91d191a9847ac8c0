// For the access matrix: a server with clusters, links and one actor of every kind, and a way back to that state after each change.
import type { Schema } from '@/server/store/schema';
import { type MatrixActor, nobodies, somebodies } from './access-actors';
import { everywhere, keyWith, sessionOf, signedIn } from './actors';
import { plain } from './requests';
import { passMinutes, sweepOf, watchOf } from './sweeps';
import { startTestServer, type TestServer } from './test-server';

/** Children after their parents. Audit rows stay: they are a chain. */
const restored = [
  'cluster',
  'link',
  'mirror',
  'operation',
  'linkEvent',
  'person',
  'session',
  'oneTimeLink',
  'apiKey',
  'approval',
  'healthSetting',
] as const satisfies readonly (keyof Schema)[];

type Baseline = Map<string, Record<string, unknown>[]>;

/** What a refused request must not have changed: uses of sessions and keys are written down, and are no change. */
const fingerprinted = [
  'cluster',
  'link',
  'mirror',
  'operation',
  'linkEvent',
  'oneTimeLink',
  'approval',
  'healthSetting',
] as const;

export class AccessWorld {
  readonly server: TestServer;
  readonly actors: readonly MatrixActor[];
  readonly passwordHash: string;
  /** Somebody whom nobody in the matrix is. */
  readonly bystander: { id: string; token: string };
  readonly key: { id: string };
  /** Pending: to delete the link "guarded", asked for by a person outside of the matrix. */
  readonly approval: string;
  readonly #baseline: Baseline;
  /** The fingerprint at the start. */
  #untouched = '';

  private constructor(
    made: Omit<AccessWorld, 'restore' | 'restoreAfterRefusal' | 'fingerprint'>,
    baseline: Baseline,
  ) {
    this.server = made.server;
    this.actors = made.actors;
    this.passwordHash = made.passwordHash;
    this.bystander = made.bystander;
    this.key = made.key;
    this.approval = made.approval;
    this.#baseline = baseline;
  }

  static async start(): Promise<AccessWorld> {
    // The bootstrap key would switch itself off: the matrix has an administrator's key of its own.
    const server = await startTestServer(
      { apiKey: null, requestsPerSecond: 1_000_000 },
      undefined,
      watchOf(
        ['west', 'east', 'unused'].map((cluster) => sweepOf({ cluster })),
        (builder) => {
          // Cluster "west" has an alert.
          builder.add('landbridge_cluster_reachable', ['west'], 0);
        },
      ),
    );
    await addObjects(server);
    passMinutes(server.monitoring.monitor, 10);
    const passwordHash = await server.runtime.entrance.passwords.hash(password);
    const actors = [...(await nobodies(server)), ...(await somebodies(server))];
    const { id, token } = await signedIn(server, 'bystander', [everywhere('viewer')]);
    const requester = await signedIn(server, 'requester', [everywhere('approver')]);
    const approval = await askToDelete(server, requester.token);
    const key = await keyWith(server, everywhere('viewer'), { name: 'bystander' });
    await server.runtime.store.db.updateTable('person').set({ passwordHash }).execute();
    const baseline: Baseline = new Map();
    for (const table of restored) {
      baseline.set(table, await server.runtime.store.db.selectFrom(table).selectAll().execute());
    }
    const world = new AccessWorld(
      { server, actors, passwordHash, bystander: { id, token }, key, approval },
      baseline,
    );
    world.#untouched = await world.fingerprint();
    return world;
  }

  /** What is left of a refused request, and of what its case had prepared: mostly nothing. */
  async restoreAfterRefusal(): Promise<void> {
    if ((await this.fingerprint()) !== this.#untouched) await this.restore();
  }

  /** Everything as it was at the start, also what is remembered of it. */
  async restore(): Promise<void> {
    const { store, sessions, catalog } = this.server.runtime;
    await store.transaction(async (trx) => {
      for (const table of restored.toReversed()) await trx.deleteFrom(table).execute();
      for (const table of restored) {
        const rows = this.#baseline.get(table) ?? [];
        if (rows.length > 0)
          await trx
            .insertInto(table)
            .values(rows as never)
            .execute();
      }
    });
    for (const person of this.#baseline.get('person') ?? []) sessions.forget(String(person.id));
    await catalog.load();
    await this.server.runtime.healthSettings.load();
  }

  async fingerprint(): Promise<string> {
    const { db } = this.server.runtime.store;
    const tables = await Promise.all(
      fingerprinted.map((table) => db.selectFrom(table).selectAll().execute()),
    );
    const people = await db
      .selectFrom('person')
      .select(['id', 'userName', 'displayName', 'grants', 'disabled', 'passwordHash'])
      .execute();
    const keys = await db.selectFrom('apiKey').select(['id', 'revokedAtMs']).execute();
    const sessions = await db.selectFrom('session').select(['id', 'endedAtMs']).execute();
    return JSON.stringify([tables, people, keys, sessions]);
  }
}

export const password = 'correct horse battery';

/** Links: orders and guarded, west → east; hidden, north → east. */
async function addObjects(server: TestServer): Promise<void> {
  const { clusters, prober, links } = server.runtime;
  const system = { kind: 'system' } as const;
  const security = {
    protocol: 'SASL_PLAINTEXT' as const,
    sasl: { mechanism: 'PLAIN' as const, username: 'landbridge', password: 'of-west' },
  };
  for (const name of ['west', 'east', 'north', 'unused']) {
    const cluster = {
      ...plain(name),
      security: name === 'west' ? security : { protocol: 'PLAINTEXT' as const },
    };
    await clusters.add(system, cluster);
    await prober.probe(server.runtime.catalog.cluster(name).config);
  }
  const link = (name: string, source: string, topics: string[], settings: object) =>
    links.create(
      system,
      {
        ...{ name, source, destination: 'east', topics, settings },
        mirrorOptions: { replicationFactor: null, configs: {} },
      },
      { validateOnly: false, runChecks: false },
    );
  await link('orders', 'west', ['orders', 'clicks'], {});
  await link('guarded', 'west', ['ledger'], { 'two.person.operations': 'delete' });
  await link('hidden', 'north', ['hidden-topic'], {});
}

/** The mirror topic "orders" is there on the destination, as the engine would say. */
export async function mirroring({ server }: AccessWorld): Promise<void> {
  const { store, catalog } = server.runtime;
  await store.db.updateTable('mirror').set({ created: 1 }).where('topic', '=', 'orders').execute();
  await catalog.load();
}

async function askToDelete(server: TestServer, token: string): Promise<string> {
  const actor = await server.runtime.sessions.actorFor(token);
  const asked = server.runtime.removals.link(
    actor!,
    { destination: 'east', name: 'guarded' },
    { validateOnly: false },
  );
  const refusal = await asked.then(
    () => null,
    (error: { fields?: Record<string, string> }) => error,
  );
  return refusal?.fields?.approval ?? 'nothing was asked for';
}

/** A second session of the actor, for what ends one. */
export async function secondSession(world: AccessWorld, actor: MatrixActor): Promise<string> {
  const { token } = await sessionOf(world.server, actor.personId ?? '');
  return token;
}
