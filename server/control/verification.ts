// Sweeps that people start and give up, and the differences that were found. Checks, stores with audit, tells the engine; the engine does the work.
import { randomUUID } from 'node:crypto';
import {
  type DifferenceReport,
  differenceReport,
  type Sweep,
  type SweepAnswer,
} from '@/lib/contracts/verify';
import { type Actor, actorName } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import type { Metrics } from '@/server/metrics/metrics';
import { insertLinkEvents } from '@/server/store/link-events';
import type { Store } from '@/server/store/store';
import { listDifferences, setSweeps } from '@/server/store/verification';
import type { CatalogLink, CatalogMirror } from './catalog';
import { eventOf, type LinkDeps, type LinkPath, type MirrorPath, targetOf } from './link-operations';
import { linkTarget, Visible } from './visible';

/** Of one mirror, or of all mirrors of the link. */
type Path = LinkPath & { topic?: string };

export class Verification {
  readonly #deps: Pick<LinkDeps, 'catalog' | 'changes'> & { metrics: Metrics; store: Store };

  constructor(deps: Pick<LinkDeps, 'catalog' | 'changes'> & { metrics: Metrics; store: Store }) {
    this.#deps = deps;
  }

  /** Compares every record of both sides once, up to where they stand now. What is being swept goes on. */
  async startSweep(actor: Actor, path: Path, validateOnly: boolean): Promise<SweepAnswer> {
    const { link, mirrors } = this.#mirrors(actor, path);
    const wanted = mirrors.filter((mirror) => !runs(mirror) && mirror.stopped === null);
    const topics = wanted.map(({ topic }) => topic);
    const answer = { topics, ...this.#estimate(link, topics) };
    if (topics.length === 0)
      return { ...answer, message: 'These mirrors are being swept, or stopped, already.' };
    if (!validateOnly) {
      const at = Date.now();
      const asked = (topic: string): [string, Sweep] => {
        const sweep = { id: randomUUID(), requestedAt: at, requestedBy: actorName(actor) };
        return [topic, { ...sweep, endedAt: null, outcome: null }];
      };
      const sweeps = new Map(topics.map(asked));
      await this.#write(actor, link, topics, 'start sweep', 'SWEEP_REQUESTED', sweeps);
    }
    return {
      ...answer,
      message:
        'Both sides are read once, up to where they stand now, and compared record by record. Mirroring goes on; a difference fails its partition.',
    };
  }

  async cancelSweep(actor: Actor, path: Path, validateOnly: boolean): Promise<SweepAnswer> {
    const { link, mirrors } = this.#mirrors(actor, path);
    const wanted = mirrors.filter(runs);
    const topics = wanted.map(({ topic }) => topic);
    const nothing = { topics, offsets: null, bytes: null, seconds: null };
    if (topics.length === 0) return { ...nothing, message: 'No sweep is running.' };
    if (!validateOnly) {
      const endedAt = Date.now();
      const sweeps = new Map(
        wanted.map(({ topic, sweep }): [string, Sweep] => [
          topic,
          { ...(sweep as Sweep), endedAt, outcome: 'CANCELLED' },
        ]),
      );
      await this.#write(actor, link, topics, 'cancel sweep', 'SWEEP_CANCELLED', sweeps);
    }
    return { ...nothing, message: 'The sweep is given up. What it has compared so far is not kept.' };
  }

  /** @throws LandbridgeError NOT_FOUND when nothing was found to differ */
  async differences(actor: Actor, path: MirrorPath): Promise<DifferenceReport[]> {
    const visible = new Visible(this.#deps.catalog, actor);
    const { link } = visible.mirror(path.destination, path.name, path.topic);
    authorise(actor, 'viewer', linkTarget(link));
    const reports = await listDifferences(this.#deps.store.db, link.id, path.topic);
    if (reports.length > 0) return reports.map((report) => differenceReport.parse(report));
    throw new LandbridgeError(
      'NOT_FOUND',
      `Verification has found no difference between mirror "${path.topic}" and its source.`,
    );
  }

  #mirrors(actor: Actor, { topic, ...path }: Path): { link: CatalogLink; mirrors: CatalogMirror[] } {
    const visible = new Visible(this.#deps.catalog, actor);
    const link = visible.link(path.destination, path.name);
    authorise(actor, 'operator', linkTarget(link));
    if (topic === undefined) return { link, mirrors: [...link.mirrors.values()] };
    return { link, mirrors: [visible.mirror(path.destination, path.name, topic).mirror] };
  }

  async #write(
    actor: Actor,
    link: CatalogLink,
    topics: readonly string[],
    operation: string,
    event: string,
    sweeps: ReadonlyMap<string, Sweep>,
  ): Promise<void> {
    const { changes } = this.#deps;
    const asked = { actor, operation, target: targetOf(link), details: { topics } };
    const message =
      event === 'SWEEP_CANCELLED'
        ? 'The sweep was given up.'
        : 'All records of both sides are to be compared.';
    await changes.audited(asked, async (trx, entry) => {
      await setSweeps(trx, link.id, sweeps);
      const events = topics.map((topic) => eventOf(actor, entry, link.id, event, message, topic));
      await insertLinkEvents(trx, events);
    });
  }

  /** From the last snapshot: offsets exactly, bytes by the mean of what was copied since the engine started. */
  #estimate(
    link: CatalogLink,
    topics: readonly string[],
  ): Pick<SweepAnswer, 'offsets' | 'bytes' | 'seconds'> {
    const { frame } = this.#deps.metrics;
    const seen = frame?.links.get(link.id)?.mirrors;
    let offsets = 0n;
    let bytes: number | null = 0;
    for (const topic of topics) {
      const own = seen?.get(topic);
      if (!frame || !own || own.mirror.partitions === 0) return { offsets: null, bytes: null, seconds: null };
      let there = 0n;
      for (let index = own.mirror.first; index < own.mirror.first + own.mirror.partitions; index++) {
        const start = frame.columns.mirrorStart[index] ?? -1n;
        const end = frame.columns.mirrorEnd[index] ?? -1n;
        if (start >= 0n && end > start) there += end - start;
      }
      offsets += there;
      if (there === 0n) continue;
      // Both sides are read.
      const each = own.recordsTotal > 0n ? Number(own.bytesTotal) / Number(own.recordsTotal) : null;
      bytes = bytes === null || each === null ? null : bytes + 2 * each * Number(there);
    }
    const rate = link.settings['verify.sweep.bytes.per.second'];
    return {
      offsets: String(offsets),
      bytes: bytes === null ? null : String(Math.round(bytes)),
      seconds: bytes === null ? null : Math.ceil(bytes / rate),
    };
  }
}

const runs = ({ sweep }: CatalogMirror): boolean =>
  sweep !== null && sweep !== undefined && sweep.endedAt === null;
