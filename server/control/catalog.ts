/**
 * Everything the operators want, in memory: registered clusters, links, mirrors. The store is the truth and is written
 * first; this is what pages and the engine's desired state are made from, without a query per request.
 */
import type { HeldAcls } from '@/lib/contracts/acl';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { DesiredLink, DesiredMirror } from '@/lib/contracts/engine';
import { isRemake } from '@/lib/contracts/remake';
import { rememberSecrets } from '@/server/access/scrub';
import { secretsOf } from '@/server/access/sealed-config';
import type { SecretBox } from '@/server/access/secret-box';
import { LandbridgeError, StartError } from '@/server/errors';
import { listClusters } from '@/server/store/clusters';
import { listHeldAcls } from '@/server/store/held-acls';
import { listLinks, type StoredLink } from '@/server/store/links';
import { listMirrors, type MirrorFacts, type StoredMirror } from '@/server/store/mirrors';
import { listOpenOperations, type OperationProgress, type StoredOperation } from '@/server/store/operations';
import { listRemovedMirrors, type RemovedMirror } from '@/server/store/removed-mirrors';
import type { Store } from '@/server/store/store';
import { listTopicDeletions, type TopicDeletion } from '@/server/store/topic-deletions';
import { sweepAfter, type VerificationFacts } from '@/server/store/verification';
import { reverseOf } from './directions';

export type RegisteredCluster = { config: ClusterConfig; managedBy: 'FILE' | 'CONSOLE' };
/** With the operation that is to end it; null while there is none. */
export type CatalogMirror = StoredMirror & { operation: StoredOperation | null };
export type CatalogLink = StoredLink & {
  mirrors: Map<string, CatalogMirror>;
  /** ACLs that it has added to its clusters. */
  heldAcls: HeldAcls[];
  /** What people took off it, by source topic. */
  removed: Map<string, RemovedMirror>;
};

export class Catalog {
  /** Seals and opens the secrets of clusters that are stored. */
  readonly box: SecretBox;
  readonly #store: Store;
  #fileClusters: readonly ClusterConfig[];
  #clusters = new Map<string, RegisteredCluster>();
  #links = new Map<string, CatalogLink>();
  #deletions: readonly TopicDeletion[] = [];
  #version = 0;
  #loading: Promise<void> = Promise.resolve();
  /** What arrived while a load was reading: it may have read the rows before they were written. */
  #whileReading: (() => void)[] | null = null;

  constructor(store: Store, box: SecretBox, fileClusters: readonly ClusterConfig[]) {
    this.box = box;
    this.#store = store;
    this.#fileClusters = fileClusters;
  }

  /** Of an edited landbridge.yaml; seen after the next load. */
  useFileClusters(clusters: readonly ClusterConfig[]): void {
    this.#fileClusters = clusters;
  }

  /** Goes up with each change, so that what was worked out from an older state can be told apart. */
  get version(): number {
    return this.#version;
  }

  get clusters(): RegisteredCluster[] {
    return [...this.#clusters.values()];
  }

  get links(): CatalogLink[] {
    return [...this.#links.values()];
  }

  /**
   * Reads everything again. Loads run one after the other, so whoever waits for one that it asked for after its commit
   * sees that commit.
   *
   * @throws StartError when a name stands both in landbridge.yaml and in the store.
   */
  load(): Promise<void> {
    const load = this.#loading.then(() => this.#read());
    this.#loading = load.catch(() => undefined);
    return load;
  }

  async #read(): Promise<void> {
    const arrived: (() => void)[] = [];
    this.#whileReading = arrived;
    try {
      await this.#replaceAll();
    } finally {
      this.#whileReading = null;
    }
    for (const apply of arrived) apply();
    this.#version++;
  }

  async #replaceAll(): Promise<void> {
    const stored = await listClusters(this.#store.db, this.box);
    const taken = stored.find((cluster) => this.#fileClusters.some((other) => other.name === cluster.name));
    if (taken) {
      throw new StartError(
        `Cluster "${taken.name}" is in landbridge.yaml and was also added in the console. ` +
          'Remove it from landbridge.yaml, start, and delete it in the console; then add it to the file again. Or give the one in the file another name.',
      );
    }
    const [links, mirrors, operations, acls, removed, deletions] = await Promise.all([
      listLinks(this.#store.db),
      listMirrors(this.#store.db),
      listOpenOperations(this.#store.db),
      listHeldAcls(this.#store.db),
      listRemovedMirrors(this.#store.db),
      listTopicDeletions(this.#store.db),
    ]);
    rememberSecrets(
      'clusters',
      [...this.#fileClusters, ...stored].flatMap((config) => secretsOf(config).map(({ value }) => value)),
    );
    const clusters: [string, RegisteredCluster][] = [
      ...this.#fileClusters.map((config): [string, RegisteredCluster] => [
        config.name,
        { config, managedBy: 'FILE' },
      ]),
      ...stored.map((config): [string, RegisteredCluster] => [config.name, { config, managedBy: 'CONSOLE' }]),
    ];
    this.#clusters = new Map(clusters.sort(([a], [b]) => a.localeCompare(b)));
    this.#deletions = deletions;
    this.#links = new Map(
      links.map((link) => [link.id, { ...link, mirrors: new Map(), heldAcls: [], removed: new Map() }]),
    );
    for (const mirror of mirrors)
      this.#links.get(mirror.linkId)?.mirrors.set(mirror.topic, { ...mirror, operation: null });
    for (const { linkId, ...held } of acls) this.#links.get(linkId)?.heldAcls.push(held);
    for (const one of removed) this.#links.get(one.linkId)?.removed.set(one.sourceTopic, one);
    for (const operation of operations) {
      const mirror = this.#links.get(operation.linkId)?.mirrors.get(operation.topic);
      if (mirror) mirror.operation = operation;
    }
  }

  findCluster(name: string): RegisteredCluster | undefined {
    return this.#clusters.get(name);
  }

  /** @throws LandbridgeError CLUSTER_NOT_FOUND */
  cluster(name: string): RegisteredCluster {
    const cluster = this.#clusters.get(name);
    if (cluster) return cluster;
    throw clusterNotFound(name);
  }

  /** @throws LandbridgeError CLUSTER_CHANGED when it is not any more what a change was worked out from; call it inside the change */
  requireUnchanged(config: ClusterConfig): void {
    if (JSON.stringify(this.#clusters.get(config.name)?.config) === JSON.stringify(config)) return;
    throw new LandbridgeError(
      'CLUSTER_CHANGED',
      `Cluster "${config.name}" was edited at the same moment. Nothing was changed by this request; try again.`,
    );
  }

  linkById(id: string): CatalogLink | undefined {
    return this.#links.get(id);
  }

  /** Topics that are to be deleted, oldest first. */
  get deletions(): readonly TopicDeletion[] {
    return this.#deletions;
  }

  findLink(destination: string, name: string): CatalogLink | undefined {
    return this.links.find((candidate) => candidate.destination === destination && candidate.name === name);
  }

  /** @throws LandbridgeError LINK_NOT_FOUND */
  link(destination: string, name: string): CatalogLink {
    const link = this.findLink(destination, name);
    if (link) return link;
    throw linkNotFound(destination, name);
  }

  /** @throws LandbridgeError LINK_NOT_FOUND or MIRROR_NOT_FOUND */
  mirror(destination: string, name: string, topic: string): { link: CatalogLink; mirror: CatalogMirror } {
    const link = this.link(destination, name);
    const mirror = link.mirrors.get(topic);
    if (mirror) return { link, mirror };
    throw mirrorNotFound(destination, name, topic);
  }

  /** Whoever may see them; what is shown to somebody comes through `Visible`. */
  linksUsing(cluster: string): { from: CatalogLink[]; to: CatalogLink[] } {
    return {
      from: this.links.filter((link) => link.source === cluster),
      to: this.links.filter((link) => link.destination === cluster),
    };
  }

  /** What the engine has just made sure of; the store has it already. */
  applyFacts(facts: MirrorFacts): void {
    this.#whileReading?.push(() => this.applyFacts(facts));
    const mirror = this.#links.get(facts.linkId)?.mirrors.get(facts.topic);
    if (!mirror) return;
    if (facts.sourceTopicId !== undefined) mirror.sourceTopicId = facts.sourceTopicId;
    if (facts.starts !== undefined) mirror.starts = facts.starts;
    if (facts.created !== undefined) mirror.created = facts.created;
    if (facts.destinationTopicId !== undefined) mirror.destinationTopicId = facts.destinationTopicId;
    if (facts.consistentAt !== undefined) mirror.consistentAt = facts.consistentAt;
    if (facts.advice !== undefined) mirror.advice = facts.advice;
  }

  /** What the engine has just recorded; the store has it already. */
  applyHeldAcls(linkId: string, held: readonly HeldAcls[]): void {
    this.#whileReading?.push(() => this.applyHeldAcls(linkId, held));
    const link = this.#links.get(linkId);
    if (!link) return;
    const changed = new Set(held.map(({ purpose, name }) => `${purpose} ${name}`));
    link.heldAcls = [
      ...link.heldAcls.filter(({ purpose, name }) => !changed.has(`${purpose} ${name}`)),
      ...held.filter(({ bindings }) => bindings.length > 0),
    ];
  }

  /** How far the engine is. An operation that has ended is seen after the next load. */
  applyProgress(linkId: string, topic: string, progress: OperationProgress): void {
    this.#whileReading?.push(() => this.applyProgress(linkId, topic, progress));
    const operation = this.#links.get(linkId)?.mirrors.get(topic)?.operation;
    if (operation?.id !== progress.operationId || progress.outcome !== null) return;
    operation.steps = progress.steps;
    operation.message = progress.message;
    if (progress.fencing) operation.fencingAtMs ??= Math.trunc(progress.at);
    if (progress.statement) operation.statement = progress.statement;
    if (progress.work && operation.remake) operation.remake = { ...operation.remake, work: progress.work };
  }

  /** Likewise of verification. */
  applyVerified(facts: VerificationFacts): void {
    this.#whileReading?.push(() => this.applyVerified(facts));
    const mirror = this.#links.get(facts.linkId)?.mirrors.get(facts.topic);
    if (!mirror) return;
    mirror.verified = facts.progress;
    mirror.sweep = sweepAfter(mirror.sweep ?? null, facts.sweepEnded);
  }

  /** Links whose clusters are both registered; the others cannot be worked and are shown as such. */
  desired(): DesiredLink[] {
    return this.links.flatMap((link) => {
      const source = this.#clusters.get(link.source);
      const destination = this.#clusters.get(link.destination);
      if (!source || !destination) return [];
      return [
        {
          id: link.id,
          name: link.name,
          source: source.config,
          destination: destination.config,
          sourceClusterId: link.sourceClusterId,
          destinationClusterId: link.destinationClusterId,
          settings: link.settings,
          renamed: [...link.mirrors.values()]
            .filter(({ stopped, topic, sourceTopic }) => stopped !== null && topic !== sourceTopic)
            .map(({ topic, sourceTopic }) => ({ topic, sourceTopic })),
          heldAcls: link.heldAcls,
          cleanStopEpoch: link.cleanStopEpoch,
          mirrors: [...link.mirrors.values()]
            .filter(({ stopped }) => stopped === null)
            .map((mirror) => ({ ...desiredMirror(mirror), held: this.#held(link, mirror) })),
        },
      ];
    });
  }

  /** The operation that has turned it is still under way: its topic may be fenced yet. */
  #held(link: CatalogLink, { turn, sourceTopic }: CatalogMirror): boolean {
    const forth = turn ? reverseOf(link, this.links) : null;
    return forth?.mirrors.get(sourceTopic)?.operation?.id === turn?.operationId && forth !== null;
  }

  /** Which of the two clusters of a link is not registered any more; null when both are. */
  missingCluster(link: StoredLink): string | null {
    return [link.source, link.destination].find((name) => !this.#clusters.has(name)) ?? null;
  }
}

function desiredMirror(mirror: CatalogMirror): DesiredMirror {
  const { linkId: _, createdAtMs: __, stopped: ___, operation, sweep: last, ...rest } = mirror;
  const wish = { ...rest, sweep: last?.endedAt === null ? { id: last.id } : null };
  if (operation === null) return { ...wish, ending: null };
  const { id, kind, options, startedAtMs, cancelAskedAtMs, fencingAtMs, statement, steps, remake } =
    operation;
  if (remake && isRemake(kind)) {
    const asked = { operationId: id, kind, startedAt: startedAtMs, ...remake };
    const remaking = { ...asked, cancel: cancelAskedAtMs !== null, deleting: fencingAtMs !== null };
    return { ...wish, ending: null, remake: remaking };
  }
  if (isRemake(kind)) throw new Error(`Operation ${id} does not say what it makes anew.`);
  const asked = { operationId: id, kind, options, startedAt: startedAtMs, statement, steps };
  return { ...wish, ending: { ...asked, cancel: cancelAskedAtMs !== null, fencing: fencingAtMs !== null } };
}

// Said in the same words about what is not there and about what the one who asks may not see.
export const clusterNotFound = (name: string) =>
  new LandbridgeError(
    'CLUSTER_NOT_FOUND',
    `There is no cluster "${name}", or you hold no role on it. Clusters are added under Clusters, by administrators.`,
  );
export const linkNotFound = (destination: string, name: string) =>
  new LandbridgeError(
    'LINK_NOT_FOUND',
    `There is no link "${name}" to cluster "${destination}", or you hold no role on it.`,
  );
export const mirrorNotFound = (destination: string, name: string, topic: string) =>
  new LandbridgeError(
    'MIRROR_NOT_FOUND',
    `Link "${name}" to "${destination}" has no mirror topic "${topic}".`,
  );
