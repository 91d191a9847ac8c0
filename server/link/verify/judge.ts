// What becomes of suspects: looked at again, and only what stands fails the partition, is reported and kept.
import type { DifferenceReport } from '@/lib/contracts/verify';
import type { SlabPool } from '@/server/kafka/wire/slab';
import type { LinkCore } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';
import type { MirrorPartition } from '../partition';
import { confirm } from './confirm';
import type { PartitionProgress } from './progress';
import type { Sides } from './read-pair';
import { differenceReportOf, type Found } from './report';
import type { Scan, Suspect } from './scan';
import { errorOf, messageOf } from './verdict';
import type { Verification } from './verification';

type Case = {
  topic: MirrorTopic;
  partition: MirrorPartition;
  progress: PartitionProgress;
  sides: Sides;
  cleaned: boolean;
  /** Goes back to what isn't decided; null where nothing is claimed of it. */
  scan: Scan | null;
};

export class Judge {
  readonly #core: LinkCore;
  readonly #verification: Verification;
  readonly #pool: SlabPool;

  constructor(core: LinkCore, verification: Verification, pool: SlabPool) {
    this.#core = core;
    this.#verification = verification;
    this.#pool = pool;
  }

  /** @returns true when nothing was wrong in the end; false: failed, or not decided */
  async all(about: Case, suspects: readonly Suspect[], by: DifferenceReport['foundBy']): Promise<boolean> {
    const { partition, progress, sides, cleaned, scan } = about;
    const { generation, mode } = partition;
    for (const suspect of suspects) {
      const confirmation = await confirm(sides, this.#pool, suspect, {
        cleaned,
        spacingMs: this.#core.context.tuning.verifyLookMs,
        unmoved: () => partition.generation === generation && partition.mode === mode,
      });
      if (confirmation.verdict === 'GONE') continue;
      if (confirmation.verdict === 'STANDS') {
        await this.#stands(about, confirmation, by);
        return false;
      }
      const { why } = confirmation;
      this.#core.context.log('debug', `verifying ${partition.name} at ${suspect.offset} again: ${why}`);
      scan?.backTo(suspect.offset);
      progress.notBeforeMs = performance.now() + this.#core.context.tuning.verifyLookMs;
      return false;
    }
    return true;
  }

  async #stands(about: Case, found: Found, by: DifferenceReport['foundBy']): Promise<void> {
    const { topic, partition, progress, sides, cleaned } = about;
    const { context } = this.#core;
    const producerId = found.batch?.producerId ?? -1n;
    const own = producerId === context.identity.producerId || context.fills.owns(producerId);
    const error = errorOf(found, own);
    const message = messageOf(`${partition.topic} partition ${partition.index}`, found, own);
    const { offset } = found.difference;
    const failedBefore = partition.mode === 'FAILED';
    progress.difference = { offset, error, message, atMs: Date.now() };
    // Nothing is claimed beyond it.
    if (progress.verified && progress.verified.to > offset) {
      const { from } = progress.verified;
      progress.verified = { ...progress.verified, to: from > offset ? from : offset };
    }
    progress.scan = null;
    const swept = progress.sweep !== null;
    progress.sweep = null;
    if (!failedBefore) this.#core.failPartition(partition, error, message);
    const details = { by, message, cleaned };
    const difference = await differenceReportOf(context, partition, sides, this.#pool, found, details);
    this.#verification.store(topic, { difference });
    if (swept) this.#verification.partitionSwept(topic, false);
  }

  /** A sweep has found nothing of what the partition was failed for: it goes on. */
  equalAgain({ partition, progress }: Pick<Case, 'partition' | 'progress'>): void {
    const { difference } = progress;
    if (!difference) return;
    progress.difference = null;
    progress.dirty = true;
    if (partition.mode !== 'FAILED') return;
    partition.error = 'NO_ERROR';
    partition.message = null;
    partition.mode = 'STOPPED';
    const message = `A sweep found both sides equal: the difference at offset ${difference.offset} is not there any more.`;
    this.#core.ports.event(partition.topic, partition.index, 'FAILED', 'EQUAL_AGAIN', message);
    const topic = this.#core.topics.get(partition.topic);
    if (!this.#core.paused && !topic?.halted)
      this.#core.context.recover(partition, 'equal again, by a sweep');
  }
}
