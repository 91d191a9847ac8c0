// Links and mirrors as pages see them, from the catalog and the last snapshot. Never asks Kafka; says how old its numbers are.
import type { z } from 'zod';
import type {
  LinkRow,
  LinkState,
  linkDetail,
  linkList,
  MirrorRow,
  mirrorDetail,
  mirrorNames,
  mirrorPage,
  snapshotMeta,
} from '@/lib/contracts/link';
import type { LinkTask } from '@/lib/contracts/link-task';
import type { ExposedNumbers } from '@/lib/contracts/monitoring/exposed';
import type { Actor } from '@/server/access/actor';
import type { EnginePort } from '@/server/engine-port';
import { linkEventsShown } from '@/server/intervals';
import { type Exposed, exposed, exposedNumbers } from '@/server/metrics/exposed';
import { expositionText } from '@/server/metrics/exposition';
import { linkKey, type Metrics, mirrorKey } from '@/server/metrics/metrics';
import { listLinkEvents } from '@/server/store/link-events';
import type { Store } from '@/server/store/store';
import type { Catalog, CatalogLink } from './catalog';
import type { ClusterProber } from './cluster-prober';
import { otherDirectionOf } from './directions';
import type { LinkPath, MirrorPath } from './link-operations';
import { lagView, type MirrorFact, mirrorFacts } from './mirror-facts';
import {
  longestOperation,
  type MirrorFilter,
  type MirrorQuery,
  matchingNames,
  sliceMirrors,
  worstMirror,
} from './mirror-table';
import { partitionRows } from './partition-rows';
import { settingRows } from './setting-rows';
import { linkVerification, mirrorChecks, mirrorVerification } from './verification-views';
import { Visible } from './visible';

type FactsOf = { frame: unknown; version: number; status: string; facts: MirrorFact[] };

export class LinkViews {
  readonly #store: Store;
  readonly #catalog: Catalog;
  readonly #metrics: Metrics;
  readonly #engine: EnginePort;
  readonly #prober: ClusterProber;
  readonly #hasEngine: boolean;
  readonly #facts = new WeakMap<CatalogLink, FactsOf>();

  constructor(options: {
    store: Store;
    catalog: Catalog;
    metrics: Metrics;
    engine: EnginePort;
    prober: ClusterProber;
    /** A hub has none. */
    hasEngine: boolean;
  }) {
    this.#store = options.store;
    this.#catalog = options.catalog;
    this.#metrics = options.metrics;
    this.#engine = options.engine;
    this.#prober = options.prober;
    this.#hasEngine = options.hasEngine;
  }

  meta(): z.infer<typeof snapshotMeta> {
    return { asOf: this.#metrics.frame?.at ?? null, engine: this.#engine.status };
  }

  list(actor: Actor): z.infer<typeof linkList> {
    const { links } = new Visible(this.#catalog, actor);
    return { ...this.meta(), links: links.map((link) => this.row(link, actor)) };
  }

  /** Of the links that the actor may see, in Prometheus' text format. */
  exposition(actor: Actor, monitoring: boolean): Promise<string> {
    return expositionText(this.#exposed(new Visible(this.#catalog, actor).links, monitoring));
  }

  /** The same of all links, for monitoring itself. */
  exposedNumbers(): ExposedNumbers {
    return exposedNumbers(this.#exposed(this.#catalog.links, true));
  }

  #exposed(links: readonly CatalogLink[], monitoring: boolean): Exposed {
    const told = this.#engine.status !== 'SILENT';
    return exposed(
      links.map((link) => ({ ...link, state: this.state(link) })),
      told ? this.#metrics.frame : null,
      { engine: this.#hasEngine ? this.#engine.status === 'RUNNING' : null, monitoring },
    );
  }

  async detail(actor: Actor, path: LinkPath): Promise<z.infer<typeof linkDetail>> {
    const link = new Visible(this.#catalog, actor).link(path.destination, path.name);
    const fills = this.#metrics.frame?.links.get(link.id)?.fills;
    return {
      ...this.meta(),
      link: this.row(link, actor),
      tasks: this.tasks(link),
      settings: settingRows(link.settings),
      fills: {
        markers: String(fills?.markers ?? 0n),
        head: String(fills?.head ?? 0n),
        copies: String(fills?.copies ?? 0n),
      },
      verification: linkVerification(this.#metrics, link),
      history: this.#metrics.history.read(linkKey(link.id)),
      events: await listLinkEvents(this.#store.db, link.id, { limit: linkEventsShown }),
    };
  }

  mirrors(actor: Actor, path: LinkPath, query: MirrorQuery): z.infer<typeof mirrorPage> {
    const link = new Visible(this.#catalog, actor).link(path.destination, path.name);
    const slice = sliceMirrors(this.facts(link), query);
    return { ...this.meta(), ...slice, rows: slice.rows.map((fact) => this.#mirrorRow(link, fact)) };
  }

  mirrorNames(actor: Actor, path: LinkPath, filter: MirrorFilter): z.infer<typeof mirrorNames> {
    const link = new Visible(this.#catalog, actor).link(path.destination, path.name);
    return { topics: matchingNames(this.facts(link), filter) };
  }

  async mirror(actor: Actor, path: MirrorPath): Promise<z.infer<typeof mirrorDetail>> {
    const { topic } = path;
    const { link, mirror } = new Visible(this.#catalog, actor).mirror(path.destination, path.name, topic);
    const fact = this.facts(link).find((candidate) => candidate.topic === topic);
    if (!fact) throw new Error(`No row was made for mirror ${topic} of link ${link.name}`);
    return {
      ...this.meta(),
      mirror: this.#mirrorRow(link, fact),
      partitions: partitionRows(this.#metrics, link.id, topic, this.#engine.status),
      ...(await mirrorChecks(this.#store.db, link, mirror)),
      history: this.#metrics.history.read(mirrorKey(link.id, topic)),
      events: await listLinkEvents(this.#store.db, link.id, { topic, limit: linkEventsShown }),
    };
  }

  /** @param actor who reads it: the other direction is named to who may see it */
  row(link: CatalogLink, actor: Actor): LinkRow {
    const facts = this.facts(link);
    const frame = this.#metrics.frame?.links.get(link.id);
    const worst = worstMirror(facts);
    const silent = this.#engine.status === 'SILENT';
    return {
      id: link.id,
      name: link.name,
      source: this.#endpoint(link.source, link.sourceClusterId, frame?.link.sourceBrokers),
      destination: this.#endpoint(
        link.destination,
        link.destinationClusterId,
        frame?.link.destinationBrokers,
      ),
      ...this.#state(link),
      mirrors: facts.length,
      mirrorsByState: countByState(facts),
      attention: facts.reduce((count, fact) => count + (fact.attention ? 1 : 0), 0),
      operations: longestOperation(facts),
      locks: {
        locked: facts.filter(({ lock }) => lock?.state === 'LOCKED').length,
        watched: facts.filter(({ lock }) => lock?.state === 'WATCHED').length,
      },
      bytesPerSecond: silent ? null : (frame?.rates.bytesPerSecond ?? null),
      recordsPerSecond: silent ? null : (frame?.rates.recordsPerSecond ?? null),
      worst: worst && { topic: worst.topic, lag: lagView(worst.lag) },
      latencyMs: silent ? null : (frame?.link.latencyMs ?? null),
      mode: link.settings['link.mode'],
      otherDirection: this.#otherDirection(link, actor),
    };
  }

  #otherDirection(link: CatalogLink, actor: Actor): LinkRow['otherDirection'] {
    const other = otherDirectionOf(link, this.#catalog.links);
    if (!other || !new Visible(this.#catalog, actor).sees(other)) return null;
    return { destination: other.destination, name: other.name };
  }

  /** As the engine last told; while it is silent nobody knows. */
  tasks(link: CatalogLink): LinkTask[] {
    const told = this.#metrics.frame?.links.get(link.id)?.link.tasks ?? [];
    if (this.#engine.status !== 'SILENT') return told;
    return told.map((task) => ({ ...task, state: 'UNKNOWN', nextRunAt: null, running: false }));
  }

  state(link: CatalogLink): LinkState {
    return this.#state(link).state;
  }

  /** Worked out once per snapshot and change, however many ask. */
  facts(link: CatalogLink): MirrorFact[] {
    const { frame } = this.#metrics;
    const { version } = this.#catalog;
    const { status } = this.#engine;
    const known = this.#facts.get(link);
    if (known && known.frame === frame && known.version === version && known.status === status) {
      return known.facts;
    }
    const facts = mirrorFacts(link, this.#metrics, status);
    this.#facts.set(link, { frame, version, status, facts });
    return facts;
  }

  #state(link: CatalogLink): Pick<LinkRow, 'state' | 'error' | 'message' | 'since'> {
    const missing = this.#catalog.missingCluster(link);
    if (missing !== null) {
      return {
        state: 'FAILED',
        error: 'UNKNOWN',
        message: `Cluster "${missing}" is not registered any more. Add it again under the same name, or delete this link.`,
        since: link.createdAtMs,
      };
    }
    const { frame } = this.#metrics;
    const seen = frame?.links.get(link.id)?.link;
    if (this.#engine.status === 'SILENT') {
      return {
        state: 'UNKNOWN',
        error: 'UNKNOWN',
        message: 'The engine does not answer and is being started again. Numbers are the last ones known.',
        since: frame?.at ?? link.createdAtMs,
      };
    }
    if (seen) return { state: seen.state, error: seen.error, message: seen.message, since: seen.since };
    return {
      state: 'UNKNOWN',
      error: 'NO_ERROR',
      message: 'Waiting for the engine to report this link.',
      since: link.createdAtMs,
    };
  }

  #endpoint(name: string, clusterId: string, brokers: number | null | undefined): LinkRow['source'] {
    const cluster = this.#catalog.findCluster(name);
    const probe = cluster ? this.#prober.last(cluster.config) : null;
    return {
      name,
      clusterId,
      kafkaVersion: probe?.kafkaVersion ?? null,
      brokers: brokers ?? probe?.brokers.length ?? null,
    };
  }

  #mirrorRow(link: CatalogLink, fact: MirrorFact): MirrorRow {
    return {
      ...fact,
      lag: lagView(fact.lag),
      trend: this.#metrics.history.trend(mirrorKey(link.id, fact.topic)),
      verification: mirrorVerification(this.#metrics, link.id, fact.topic),
    };
  }
}

function countByState(facts: readonly MirrorFact[]): LinkRow['mirrorsByState'] {
  const counts: LinkRow['mirrorsByState'] = {};
  for (const { state } of facts) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
