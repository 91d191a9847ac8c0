/**
 * Takes up an edited landbridge.yaml while links run (SIGHUP). Everything is checked first, and changed clusters of links are
 * signed in to; on any error the clusters stay as they were. What is not about clusters needs a start.
 */
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { AuditPort } from '@/server/access/audit';
import type { EnginePort } from '@/server/engine-port';
import { LandbridgeError } from '@/server/errors';
import type { Catalog } from './catalog';
import type { Changes } from './changes';
import type { ClusterProber } from './cluster-prober';
import { requireSignIn } from './sign-in-trial';

export type Reloaded = { added: string[]; removed: string[]; changed: string[] };

type Options = {
  catalog: Catalog;
  changes: Changes;
  audit: AuditPort;
  prober: ClusterProber;
  engine: EnginePort;
  /** @throws StartError with everything that is wrong in the file */
  read: () => ClusterConfig[];
};

export class Reload {
  readonly #options: Options;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
  }

  /** One after the other. @throws StartError or LandbridgeError; nothing has changed then */
  run(): Promise<Reloaded> {
    const run = this.#last.then(() => this.#audited());
    this.#last = run.catch(() => undefined);
    return run;
  }

  #audited(): Promise<Reloaded> {
    const operation = {
      actor: { kind: 'system' as const },
      operation: 'reload landbridge.yaml',
      target: { type: 'server' as const, name: 'Landbridge', scope: { kind: 'everywhere' as const } },
    };
    return this.#options.audit.around(operation, async (entry) => {
      const found = await this.#reload();
      entry.note({ details: found });
      return found;
    });
  }

  async #reload(): Promise<Reloaded> {
    const { catalog, changes, prober } = this.#options;
    const wanted = this.#options.read();
    const { found, touched } = this.#compare(wanted);
    this.#refuseConflicts(wanted, found);
    for (const cluster of touched) {
      if (this.#isLinked(cluster.name)) await requireSignIn(this.#options, cluster);
    }
    await changes.inAudited(async () => {
      // Asked again where no other change can come in between.
      this.#refuseConflicts(wanted, found);
      catalog.useFileClusters(wanted);
    });
    for (const cluster of touched) prober.probeSoon(cluster);
    return found;
  }

  #compare(wanted: readonly ClusterConfig[]): { found: Reloaded; touched: ClusterConfig[] } {
    const present = new Map(this.#fileClusters().map((config) => [config.name, JSON.stringify(config)]));
    const names = new Set(wanted.map((cluster) => cluster.name));
    const added = wanted.filter((cluster) => !present.has(cluster.name));
    const changed = wanted.filter((cluster) => {
      const before = present.get(cluster.name);
      return before !== undefined && before !== JSON.stringify(cluster);
    });
    const nameOf = (cluster: ClusterConfig) => cluster.name;
    const removed = [...present.keys()].filter((name) => !names.has(name));
    const found = { added: added.map(nameOf), removed, changed: changed.map(nameOf) };
    return { found, touched: [...added, ...changed] };
  }

  #fileClusters(): ClusterConfig[] {
    return this.#options.catalog.clusters
      .filter(({ managedBy }) => managedBy === 'FILE')
      .map(({ config }) => config);
  }

  #refuseConflicts(wanted: readonly ClusterConfig[], { removed }: Reloaded): void {
    const used = removed.find((name) => this.#isLinked(name));
    if (used !== undefined) {
      throw new LandbridgeError(
        'CLUSTER_IN_USE',
        `Cluster "${used}" is no longer in landbridge.yaml, but links use it. Delete them first, or put it back.`,
      );
    }
    const taken = wanted.find(({ name }) => this.#options.catalog.findCluster(name)?.managedBy === 'CONSOLE');
    if (taken) {
      throw new LandbridgeError(
        'CLUSTER_EXISTS',
        `Cluster "${taken.name}" was added in the console. Give the one in landbridge.yaml another name.`,
      );
    }
  }

  #isLinked(name: string): boolean {
    return this.#options.catalog.links.some((link) => link.source === name || link.destination === name);
  }
}
