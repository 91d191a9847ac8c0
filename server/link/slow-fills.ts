// What filling by empty transactions means for each topic to be mirrored: can it keep up, and how long does the backlog take?
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { FillCheck } from '@/lib/contracts/rights';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import type { GapRate } from './gap-rate';
import { mayWriteMarkers } from './markers';
import { grantCommand, principalOf } from './rights';
import { runScratchSequence } from './scratch';

/** A topic may take this much of what was measured on an empty cluster. */
const USABLE = 0.5;
const LONG_BACKLOG_S = 60;
/** While topics are being chosen, one measurement is enough. */
const MEASURED_FOR_MS = 60_000;
const measurements = new Map<string, { atMs: number; fills: FillCheck | null }>();

/** How fills go there; null when they are fast. `measured` is null where no scratch topic may be made. */
export async function slowFillsOf(
  destination: ClusterClient,
  config: ClusterConfig,
  link: string,
  anyGaps: () => Promise<boolean>,
): Promise<{ measured: FillCheck | null } | null> {
  if (await mayWriteMarkers(await destination.anyConnection())) return null;
  if (!(await anyGaps())) return { measured: null };
  const key = `${config.name} ${config.bootstrapServers.join(',')} ${principalOf(config)} ${link}`;
  const known = measurements.get(key);
  if (known && Date.now() - known.atMs < MEASURED_FOR_MS) return { measured: known.fills };
  const { fills } = await runScratchSequence(config, link, false);
  measurements.clear();
  measurements.set(key, { atMs: Date.now(), fills });
  return { measured: fills };
}

/** @returns whether the topic can be mirrored that way, and what is to be said about it */
export function judgeSlowFills(
  rate: GapRate | null,
  backlog: bigint,
  measured: FillCheck | null,
  destination: ClusterConfig,
): { ok: boolean; message: string } {
  if (!rate) return { ok: true, message: '' };
  const needs = `Its source makes about ${round(rate.gapsPerSecond)} gaps a second in one partition`;
  const grant = `Grant ALTER on the cluster for the fast way: ${grantCommand(destination, 'CLUSTER', ['ALTER'], [])}`;
  if (!measured)
    return {
      ok: true,
      message: `${needs}; without a right on the cluster they are filled slowly, how slowly could not be measured. ${grant}`,
    };
  const usable = measured.gapsPerSecond * USABLE;
  const said = `${needs}; without a right on the cluster ${round(measured.gapsPerSecond)} a second were measured`;
  if (rate.gapsPerSecond > usable)
    return { ok: false, message: `${said}: the mirror would fall behind for good. ${grant}` };
  const catchUpS = (Number(backlog) * rate.density) / usable;
  const wait =
    catchUpS > LONG_BACKLOG_S ? ` Catching up takes about ${Math.ceil(catchUpS / 60)} minutes.` : '';
  return { ok: true, message: `${said}, which is enough.${wait}` };
}

function round(perSecond: number): string {
  return perSecond >= 10 ? String(Math.round(perSecond)) : perSecond.toFixed(1);
}
