// Measures one side copying everything: begins at the last look before the first mirrored record, so that starting a process counts for nobody,
// and ends when the mirror's ends are the source's.
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterView, sameEnds, total } from './cluster-view';
import { cpuSeconds } from './process-cost';

const LOOK_EVERY_MS = 20;
const LIMIT_MS = 20 * 60_000;

export type CopyCost = {
  /** From the process's start to the first mirrored record. */
  startSeconds: number;
  seconds: number;
  cpuSeconds: number;
  /** Of the second half only, when both sides' compilers have done most of their work. */
  warm: { share: number; cpuSeconds: number };
};

/**
 * @param pid of the process that copies; all its threads count
 * @param startedMs when it was started (performance.now())
 * @throws when the process ends, or nothing is finished within 20 minutes
 */
export async function measureCopy(options: {
  pid: number;
  startedMs: number;
  source: { view: ClusterView; topic: string };
  mirror: { view: ClusterView; topic: string };
  failure: () => string | null;
}): Promise<CopyCost> {
  const { pid, startedMs, source, mirror } = options;
  const wanted = await source.view.ends(source.topic);
  if (!wanted) throw new Error(`${source.topic} has no leader.`);
  let before = { at: performance.now(), cpu: await cpuSeconds(pid) };
  let begun: typeof before | null = null;
  let half: { share: number; cpu: number } | null = null;
  const all = Number(total(wanted));
  for (
    const deadline = performance.now() + LIMIT_MS;
    performance.now() < deadline;
    await sleep(LOOK_EVERY_MS)
  ) {
    const failure = options.failure();
    if (failure) throw new Error(failure);
    const ends = await mirror.view.ends(mirror.topic);
    const now = { at: performance.now(), cpu: await cpuSeconds(pid) };
    const copied = ends ? Number(total(ends)) / all : 0;
    if (copied > 0) begun ??= before;
    if (copied >= 0.5) half ??= { share: copied, cpu: now.cpu };
    if (begun && half && ends && sameEnds(wanted, ends)) {
      return {
        startSeconds: (begun.at - startedMs) / 1000,
        seconds: (now.at - begun.at) / 1000,
        cpuSeconds: now.cpu - begun.cpu,
        warm: { share: 1 - half.share, cpuSeconds: now.cpu - half.cpu },
      };
    }
    before = now;
  }
  throw new Error(`${mirror.topic} did not hold all of ${source.topic} after ${LIMIT_MS / 60_000} minutes.`);
}
