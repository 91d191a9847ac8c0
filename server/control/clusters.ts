// What people do with clusters: list, add, test, edit, remove. Checks, writes the store with its audit row, then tells the engine.
import type { TestClusterRequest, UpdateClusterRequest } from '@/lib/contracts/api';
import type { ClusterConfig, ClusterProbe, ClusterView } from '@/lib/contracts/cluster';
import type { Actor } from '@/server/access/actor';
import type { AuditPort, Operation } from '@/server/access/audit';
import { clusterChange } from '@/server/access/audit-masking';
import { authorise } from '@/server/access/authorise';
import { rememberSecrets } from '@/server/access/scrub';
import { secretsOf } from '@/server/access/sealed-config';
import { LandbridgeError } from '@/server/errors';
import { deleteCluster, insertCluster, replaceCluster } from '@/server/store/clusters';
import { giveUpTopicDeletions } from '@/server/store/topic-deletions';
import type { Catalog, RegisteredCluster } from './catalog';
import type { Changes } from './changes';
import type { ClusterProber } from './cluster-prober';
import { clusterViewOf } from './cluster-views';
import { clusterTargetOf } from './link-operations';
import { checkedConfig, withStoredSecrets } from './stored-secrets';
import type { TopicDeletions } from './topic-deletions';
import type { TopicLists, Topics } from './topic-lists';
import { clusterTarget, Visible } from './visible';

export class Clusters {
  readonly #catalog: Catalog;
  readonly #prober: ClusterProber;
  readonly #changes: Changes;
  readonly #audit: AuditPort;
  readonly #topics: TopicLists;
  readonly #deletions: TopicDeletions;

  constructor(options: {
    catalog: Catalog;
    prober: ClusterProber;
    topics: TopicLists;
    changes: Changes;
    audit: AuditPort;
    deletions: TopicDeletions;
  }) {
    this.#catalog = options.catalog;
    this.#prober = options.prober;
    this.#topics = options.topics;
    this.#changes = options.changes;
    this.#audit = options.audit;
    this.#deletions = options.deletions;
  }

  list(actor: Actor): ClusterView[] {
    const visible = new Visible(this.#catalog, actor);
    return visible.clusters.map((cluster) => this.#view(cluster, visible));
  }

  get(actor: Actor, name: string): ClusterView {
    const visible = new Visible(this.#catalog, actor);
    return this.#view(visible.cluster(name), visible);
  }

  async add(actor: Actor, cluster: ClusterConfig): Promise<ClusterView> {
    authorise(actor, 'administrator', { kind: 'everywhere' });
    if (this.#catalog.findCluster(cluster.name)) throw clusterExists(cluster.name);
    await this.#changes.audited(operation(actor, 'add cluster', null, cluster), async (trx) => {
      if (this.#catalog.findCluster(cluster.name)) throw clusterExists(cluster.name);
      await insertCluster(trx, this.#catalog.box, cluster, Date.now());
    });
    this.#prober.probeSoon(cluster);
    return this.get(actor, cluster.name);
  }

  async update(actor: Actor, name: string, change: UpdateClusterRequest): Promise<ClusterView> {
    const current = this.#toGovern(actor, name);
    refuseFileCluster(current, 'edit');
    const cluster = withStoredSecrets(current.config, change);
    await this.#changes.audited(operation(actor, 'edit cluster', current.config, cluster), async (trx) => {
      // Secrets that were not typed are those of `current`: written over newer ones, they would bring old ones back.
      this.#catalog.requireUnchanged(current.config);
      await replaceCluster(trx, this.#catalog.box, cluster, Date.now());
    });
    this.#prober.probeSoon(cluster);
    return this.get(actor, name);
  }

  async remove(actor: Actor, name: string): Promise<{ name: string; message: string }> {
    const current = this.#toGovern(actor, name);
    refuseFileCluster(current, 'remove');
    this.#refuseUsed(name);
    const left = this.#deletions.pending(name).map(({ topic }) => topic);
    await this.#changes.audited(
      operation(actor, 'remove cluster', current.config, null),
      async (trx, entry) => {
        if (left.length > 0) entry.note({ details: { topicsNotDeleted: left } });
        this.#refuseUsed(name);
        await deleteCluster(trx, name);
        await giveUpTopicDeletions(trx, name);
      },
    );
    return {
      name,
      message: `Cluster "${name}" is no longer registered. Nothing was changed on its brokers.${givenUp(left)}`,
    };
  }

  /**
   * Tries a configuration that is not saved. Secrets of landbridge.yaml are never lent to it. Changes nothing, and is audited
   * all the same: it has this server call any address, with credentials.
   */
  async test(actor: Actor, request: TestClusterRequest): Promise<ClusterProbe> {
    authorise(actor, 'administrator', { kind: 'everywhere' });
    const stored = this.#catalog.findCluster(request.name);
    const cluster =
      stored?.managedBy === 'CONSOLE' ? withStoredSecrets(stored.config, request) : checkedConfig(request);
    rememberSecrets(
      'tested',
      secretsOf(cluster).map(({ value }) => value),
    );
    return this.#audit.around(operation(actor, 'test cluster', null, cluster), async (entry) => {
      const probe = await this.#prober.probe(cluster);
      entry.note({ details: { reachable: probe.reachable } });
      return probe;
    });
  }

  probe(actor: Actor, name: string): Promise<ClusterProbe> {
    const { config } = new Visible(this.#catalog, actor).cluster(name);
    authorise(actor, 'operator', clusterTarget(name));
    return this.#prober.probe(config);
  }

  topics(actor: Actor, name: string): Promise<Topics> {
    return this.#topics.of(new Visible(this.#catalog, actor).cluster(name).config);
  }

  /** Who may not see it hears that it is not there, who may but cannot govern it hears that. */
  #toGovern(actor: Actor, name: string): RegisteredCluster {
    const cluster = new Visible(this.#catalog, actor).cluster(name);
    authorise(actor, 'administrator', { kind: 'everywhere' });
    return cluster;
  }

  #view(cluster: RegisteredCluster, visible: Visible): ClusterView {
    return clusterViewOf(
      cluster,
      visible,
      this.#prober.last(cluster.config),
      this.#pending(cluster, visible),
    );
  }

  /** Topics of the cluster are seen with it; of which link they were, by whoever sees that. Of one that is gone only its name is known. */
  #pending({ config: { name } }: RegisteredCluster, visible: Visible): ClusterView['deletions'] {
    return this.#deletions.pending(name).map((deletion) => {
      const link = deletion.link ?? '';
      const there = this.#catalog.findLink(name, link) ?? { source: '', destination: name, name: link };
      return visible.sees(there) ? deletion : { ...deletion, link: null, actor: null };
    });
  }

  #refuseUsed(name: string): void {
    const links = this.#catalog.links
      .filter((link) => link.source === name || link.destination === name)
      .map((link) => `${link.name} (${link.source} → ${link.destination})`);
    if (links.length === 0) return;
    throw new LandbridgeError(
      'CLUSTER_IN_USE',
      `Cluster "${name}" is used by ${links.length === 1 ? 'link' : 'links'} ${links.join(', ')}. Delete ${links.length === 1 ? 'it' : 'them'} first.`,
    );
  }
}

const givenUp = (topics: readonly string[]) =>
  topics.length === 0 ? '' : ` Topics that were to be deleted there are not any more: ${topics.join(', ')}.`;

function operation(
  actor: Actor,
  name: string,
  before: ClusterConfig | null,
  after: ClusterConfig | null,
): Operation {
  const cluster = (after ?? before)?.name ?? '';
  return { actor, operation: name, target: clusterTargetOf(cluster), ...clusterChange(before, after) };
}

function refuseFileCluster(cluster: RegisteredCluster, verb: 'edit' | 'remove'): void {
  if (cluster.managedBy === 'CONSOLE') return;
  throw new LandbridgeError(
    'CLUSTER_IN_FILE',
    `Cluster "${cluster.config.name}" comes from landbridge.yaml: ${verb} it there, and send the server a SIGHUP or start it again.`,
  );
}

function clusterExists(name: string): LandbridgeError {
  return new LandbridgeError('CLUSTER_EXISTS', `There is a cluster "${name}" already. Choose another name.`, {
    fields: { name: 'This name is taken.' },
  });
}
