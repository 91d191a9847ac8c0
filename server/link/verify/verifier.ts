// Verifies the mirrors of one link all the time, slowly, and sweeps them when a person asks: picks what is compared next, within what may be read.
// One thing at a time, over connections of its own; it never waits for the data path, nor the data path for it.
import { DecodeError, KafkaError } from '@/server/kafka/wire/errors';
import {
  VERIFY_BACKOFF_FIRST_MS,
  VERIFY_BACKOFF_MAX_MS,
  VERIFY_IDLE_MS,
  VERIFY_PAGE_BYTES,
  VERIFY_SAMPLE_BYTES,
  VERIFY_STORE_MS,
  VERIFY_SWEEP_PAGE_BYTES,
  VERIFY_THROUGHPUT_MS,
} from '../defaults';
import type { LinkCore } from '../link-core';
import type { MirrorTopic } from '../mirror-topic';
import type { MirrorPartition } from '../partition';
import { Allowance, budgetBytesPerSecond } from './allowance';
import { compareShown } from './compare';
import { Judge } from './judge';
import type { PartitionProgress } from './progress';
import {
  brokerPages,
  endsOfBoth,
  isOutOfRange,
  newVerifyPool,
  type PageReader,
  type Sides,
} from './read-pair';
import { Scan } from './scan';
import { Verification } from './verification';

type Job = {
  topic: MirrorTopic;
  partition: MirrorPartition;
  progress: PartitionProgress;
  sides: Sides;
  cleaned: boolean;
};
type Work = 'SCAN' | 'END' | 'SAMPLE';

/** In turn, as long as there is such work: the scan gets half. */
const ROTATION: readonly Work[] = ['SCAN', 'END', 'SCAN', 'SAMPLE'];
/** Partitions looked at to find one with work, before others of the process get their turn. */
const SEARCH_AT_ONCE = 2_000;
/** Each read costs both brokers more than its bytes: a link with thousands of quiet partitions must not ask all the time. */
const READ_COST_BYTES = { background: 65_536, sweep: 4_096 };
/** A mirror's end that has not moved is compared again after so many intervals. */
const QUIET_END_INTERVALS = 60;
/** Where a broker's quota shows, so many times as long as the broker holds back nothing is read. */
const QUOTA_PATIENCE = 20;
/** On a busy link, places are sampled this often. */
const BUSY_SAMPLE_MS = 1_000;

export class Verifier {
  readonly verification: Verification;
  readonly #core: LinkCore;
  readonly #judge: Judge;
  readonly #pool = newVerifyPool();
  readonly #background = new Allowance();
  readonly #sweeps = new Allowance();
  #turn = 0;
  readonly #positions: Record<Work | 'SWEEP', number> = { SCAN: 0, END: 0, SAMPLE: 0, SWEEP: 0 };
  /** The scan that holds open keys; others wait for it. */
  #holding: MirrorPartition | null = null;
  #sampledMs = Number.NEGATIVE_INFINITY;
  #measured = { atMs: performance.now(), bytes: 0n, perSecond: 0 };
  #storedMs = performance.now();
  /** What was read so far, of both sides together. */
  bytesRead = 0;

  constructor(core: LinkCore) {
    this.#core = core;
    this.verification = new Verification(core);
    this.#judge = new Judge(core, this.verification, this.#pool);
  }

  start(): void {
    void this.#run();
  }

  /** What the background may read now, in bytes a second. */
  get budget(): number {
    const { settings } = this.#core.context;
    return budgetBytesPerSecond(
      this.#measured.perSecond,
      settings['verify.budget.percent'],
      settings['verify.floor.bytes.per.second'],
      settings['link.throttle.bytes.per.second'],
    );
  }

  async #run(): Promise<void> {
    const { context } = this.#core;
    while (!context.stopping) {
      let waitMs = VERIFY_IDLE_MS;
      try {
        if (this.#core.fatal === null && (await this.#once())) waitMs = 0;
        else waitMs = this.#waitMs();
      } catch (error) {
        context.log('error', `verification: ${(error as Error).stack}`);
      }
      // Always at least a turn of the event loop: replication comes first.
      await new Promise((resolve) => setTimeout(resolve, waitMs).unref());
    }
  }

  /** Until something may be read again. */
  #waitMs(): number {
    const now = performance.now();
    const waits = [this.#background, this.#sweeps].map((a) => a.waitMs(now)).filter((ms) => ms > 0);
    return Math.min(VERIFY_IDLE_MS, ...waits);
  }

  /** What isn't stored yet. */
  stop(): void {
    this.verification.storeChanged();
  }

  /** @returns false when there is nothing to do now, or nothing may be read */
  async #once(): Promise<boolean> {
    const now = performance.now();
    this.#measure(now);
    this.verification.followWish();
    if (now - this.#storedMs > VERIFY_STORE_MS) {
      this.#storedMs = now;
      this.verification.storeChanged();
    }
    const partitions = [...this.#core.partitions()];
    if (partitions.length === 0) return false;
    if (this.#sweeps.waitMs(now) === 0 && (await this.#sweepOne(partitions))) return true;
    if (this.budget === 0 || this.#core.paused || this.#background.waitMs(now) > 0) return false;
    for (let tries = 0; tries < ROTATION.length; tries++) {
      const work = ROTATION[this.#turn++ % ROTATION.length] as Work;
      if (await this.#backgroundWork(work, partitions)) return true;
    }
    return false;
  }

  #measure(now: number): void {
    const elapsed = now - this.#measured.atMs;
    if (elapsed < VERIFY_THROUGHPUT_MS) return;
    let bytes = 0n;
    for (const partition of this.#core.partitions()) bytes += partition.bytesTotal;
    // Mirrors that were taken off take their totals along.
    const grown = bytes > this.#measured.bytes ? Number(bytes - this.#measured.bytes) : 0;
    this.#measured = { atMs: now, bytes, perSecond: (grown * 1000) / elapsed };
  }

  // --- what is next ---

  #backgroundWork(work: Work, partitions: MirrorPartition[]): Promise<boolean> {
    switch (work) {
      case 'SCAN':
        return this.#scanOne(partitions);
      case 'END':
        return this.#checkOneEnd(partitions);
      case 'SAMPLE':
        return this.#sampleOne(partitions);
    }
  }

  /** The next partition, in turn, with such work. */
  #next(
    work: Work | 'SWEEP',
    partitions: MirrorPartition[],
    wanted: (partition: MirrorPartition, progress: PartitionProgress) => boolean,
  ): Job | null {
    const now = performance.now();
    const most = Math.min(partitions.length, SEARCH_AT_ONCE);
    for (let i = 0; i < most; i++) {
      const partition = partitions[this.#positions[work]++ % partitions.length] as MirrorPartition;
      const topic = this.#core.topics.get(partition.topic);
      // What is being stopped is an ordinary topic in a moment, that others write to.
      if (topic?.phase !== 'READY' || topic.desired.ending !== null) continue;
      const progress = this.verification.of(partition);
      if (progress.notBeforeMs > now || !wanted(partition, progress)) continue;
      const sides = this.verification.sides(partition);
      // What a cleaner has worked on may have holes; the policy may have changed since.
      if (sides) return { topic, partition, progress, sides, cleaned: topic.mayMissRecords };
    }
    return null;
  }

  // --- the work ---

  async #scanOne(partitions: MirrorPartition[]): Promise<boolean> {
    const holding = this.#holding;
    const wanted = (partition: MirrorPartition, progress: PartitionProgress) => {
      if (!runs(partition) || progress.difference) return false;
      return progress.scan?.open || (progress.scan?.cursor ?? -1n) < safeEnd(partition);
    };
    const job =
      (holding && partitions.includes(holding) && this.#next('SCAN', [holding], wanted)) ||
      this.#next('SCAN', partitions, wanted);
    if (!job) return false;
    const { partition, progress } = job;
    await this.#guarded(job, this.#background, async () => {
      const low = lowEnd(partition);
      if (!progress.verified || !progress.scan) {
        progress.verified = { from: low, to: low, sinceMs: Date.now() };
        progress.scan = new Scan(low);
      }
      progress.clamp(low, partition.mirrorHighWatermark);
      const { scan } = progress;
      if (scan.cursor < low) scan.startsAt(low);
      const step = await scan.step(this.#pages(job, VERIFY_PAGE_BYTES));
      this.#holding = scan.open ? partition : null;
      const bytes = step.bytes;
      if (await this.#judge.all({ ...job, scan }, step.suspects, 'SCAN')) progress.settle(Date.now());
      return bytes;
    });
    return true;
  }

  async #checkOneEnd(partitions: MirrorPartition[]): Promise<boolean> {
    const now = Date.now();
    const intervalMs = this.#core.context.settings['verify.interval.ms'];
    const job = this.#next(
      'END',
      partitions,
      (partition, progress) =>
        runs(partition) &&
        !progress.difference &&
        safeEnd(partition) > lowEnd(partition) &&
        !(
          now - progress.endCheckedMs <
          intervalMs * (progress.endChecked === safeEnd(partition) ? QUIET_END_INTERVALS : 1)
        ),
    );
    if (!job) return false;
    await this.#compareAt(job, safeEnd(job.partition) - 1n, 1, 'END', (to) => {
      job.progress.endChecked = to;
      job.progress.endCheckedMs = Date.now();
    });
    return true;
  }

  async #sampleOne(partitions: MirrorPartition[]): Promise<boolean> {
    const now = performance.now();
    const intervalMs = this.#core.context.settings['verify.interval.ms'];
    const everyMs = this.#measured.perSecond > 0 ? Math.min(BUSY_SAMPLE_MS, intervalMs) : intervalMs;
    if (now - this.#sampledMs < everyMs) return false;
    this.#positions.SAMPLE = Math.floor(Math.random() * partitions.length);
    const job = this.#next(
      'SAMPLE',
      partitions,
      (partition, progress) =>
        runs(partition) && !progress.difference && safeEnd(partition) > lowEnd(partition),
    );
    if (!job) return false;
    this.#sampledMs = now;
    const low = lowEnd(job.partition);
    const span = Number(safeEnd(job.partition) - low);
    const offset = low + BigInt(Math.floor(Math.random() * span));
    await this.#compareAt(job, offset, VERIFY_SAMPLE_BYTES, 'SAMPLE', () => {
      job.progress.samples++;
      job.progress.sampledMs = Date.now();
    });
    return true;
  }

  /** One page, on its own. What only one side shows of a cleaned log is left to the scan, which reads on. */
  async #compareAt(
    job: Job,
    offset: bigint,
    maxBytes: number,
    by: 'END' | 'SAMPLE',
    equal: (to: bigint) => void,
  ): Promise<void> {
    await this.#guarded(job, this.#background, async () => {
      const pair = await this.#pages(job, maxBytes).pair(offset);
      if (!pair) return 0;
      const { to, bytes } = pair;
      const { differences } = compareShown(offset, to, pair.source, pair.mirror);
      pair.release();
      const suspects = differences.map((found) => ({ offset: found.offset, found }));
      if (await this.#judge.all({ ...job, scan: null }, suspects, by)) equal(to);
      return bytes;
    });
  }

  async #sweepOne(partitions: MirrorPartition[]): Promise<boolean> {
    const job = this.#next(
      'SWEEP',
      partitions,
      (partition, progress) => progress.sweep !== null && canBeSwept(partition),
    );
    if (!job) return false;
    const { topic, partition, progress, sides } = job;
    await this.#guarded(job, this.#sweeps, async () => {
      if (progress.sweep === 'WANTED') {
        const ends = await endsOfBoth(sides);
        if (!ends) throw new KafkaError(`the ends of ${partition.name} are not known`, { retriable: true });
        const from = ends.start > partition.comparableFrom ? ends.start : partition.comparableFrom;
        const target = ends.end > from ? ends.end : from;
        progress.sweep = { scan: new Scan(from), from, target, startedMs: Date.now() };
        progress.dirty = true;
      }
      const { sweep } = progress;
      if (!sweep) return 0;
      let bytes = 0;
      if (sweep.scan.cursor < sweep.target || sweep.scan.open) {
        const step = await sweep.scan.step(this.#pages(job, VERIFY_SWEEP_PAGE_BYTES), sweep.target);
        bytes = step.bytes;
        progress.dirty = true;
        if (!(await this.#judge.all({ ...job, scan: sweep.scan }, step.suspects, 'SWEEP'))) return bytes;
        if (!step.moved)
          throw new KafkaError(`${partition.name} shows nothing at ${sweep.scan.cursor}`, {
            retriable: true,
          });
      }
      if (sweep.scan.cursor >= sweep.target && !sweep.scan.open) {
        progress.sweptThrough(sweep, Date.now());
        this.#judge.equalAgain(job);
        this.verification.partitionSwept(topic, true);
      }
      return bytes;
    });
    return true;
  }

  #pages({ sides, cleaned }: Job, maxBytes: number): PageReader {
    // A quota that is used up is the link's own: verification takes no more than a small part of it.
    const throttled = (ms: number) => {
      const now = performance.now();
      for (const allowance of [this.#background, this.#sweeps]) allowance.hold(ms * QUOTA_PATIENCE, now);
    };
    return brokerPages(sides, this.#pool, { maxBytes, cleaned, throttled });
  }

  /** Pays for what was read; what can't be compared now is left alone for a while, and no claim is made. */
  async #guarded(job: Job, allowance: Allowance, work: () => Promise<number>): Promise<void> {
    const { progress, partition } = job;
    const { settings } = this.#core.context;
    const swept = allowance === this.#sweeps;
    const perSecond = swept ? settings['verify.sweep.bytes.per.second'] : this.budget;
    const least = swept ? READ_COST_BYTES.sweep : READ_COST_BYTES.background;
    try {
      const bytes = await work();
      this.bytesRead += bytes;
      allowance.spend(Math.max(bytes, least), perSecond, performance.now());
      progress.failures = 0;
      progress.trouble = null;
    } catch (error) {
      if (this.#core.context.stopping) return;
      if (isOutOfRange(error)) {
        await this.#outOfRange(job).catch(() => undefined);
        return;
      }
      if (!(error instanceof KafkaError) && !(error instanceof DecodeError)) throw error;
      progress.failures++;
      progress.trouble = error.message;
      const backoff = VERIFY_BACKOFF_FIRST_MS * 2 ** Math.min(progress.failures, 10);
      progress.notBeforeMs = performance.now() + Math.min(VERIFY_BACKOFF_MAX_MS, backoff);
      this.#core.context.log('debug', `verifying ${partition.name}: ${error.message}`);
      if (error instanceof KafkaError && progress.failures > 2) this.#core.context.refreshMetadata();
    }
  }

  /** Retention has passed the place, or a log ends in front of it now. */
  async #outOfRange({ sides, progress, partition }: Job): Promise<void> {
    progress.notBeforeMs = performance.now() + VERIFY_BACKOFF_FIRST_MS;
    const ends = await endsOfBoth(sides);
    if (!ends) return;
    const start = ends.start > partition.comparableFrom ? ends.start : partition.comparableFrom;
    progress.scan?.startsAt(start);
    progress.clamp(start, ends.end);
    const { sweep } = progress;
    if (!sweep || sweep === 'WANTED') return;
    sweep.scan.startsAt(start);
    if (start > sweep.from) sweep.from = start;
    // Never above what is there: a log that was cut ends the sweep where it ends.
    if (sweep.target > ends.end) sweep.target = ends.end > start ? ends.end : start;
  }
}

/** Mirrored, and nothing in front of it is being filled or deleted. */
function runs(partition: MirrorPartition): boolean {
  return partition.mode === 'RUNNING' && isPlaced(partition) && partition.headDone;
}

/** A person may ask about paused and failed mirrors, too. */
function canBeSwept({ mode, mirrorLeader, sourceLeader }: MirrorPartition): boolean {
  const still = mode === 'RUNNING' || mode === 'STOPPED' || mode === 'FAILED';
  return still && mirrorLeader >= 0 && sourceLeader >= 0;
}

const isPlaced = ({ placed, mirrorHighWatermark, sourceLastStable }: MirrorPartition): boolean =>
  placed && mirrorHighWatermark >= 0n && sourceLastStable >= 0n;

/** Where the part begins that both sides hold. */
function lowEnd({ comparableFrom, mirrorStart, sourceStart }: MirrorPartition): bigint {
  return [mirrorStart, sourceStart].reduce((a, b) => (a > b ? a : b), comparableFrom);
}

/** And where it ends for good, as far as was last heard. */
function safeEnd({ mirrorHighWatermark, sourceLastStable }: MirrorPartition): bigint {
  return mirrorHighWatermark < sourceLastStable ? mirrorHighWatermark : sourceLastStable;
}
