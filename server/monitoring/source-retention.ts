// How long a source keeps what is not mirrored yet, from the last sweep of its cluster. Pure.
import type { ClusterSweep } from '@/server/metrics/collector/sweep';
import type { Retention } from './link-observation';

/** Null: the topic, or its configs, were not seen. */
export function retentionOf(sweep: ClusterSweep | null, topic: string): Retention | null {
  const at = sweep?.topics.byName.get(topic);
  const configs = at === undefined ? null : (sweep?.topics.configs[at] ?? null);
  if (configs === null) return null;
  const configOf = (name: string) => configs.rows.find((row) => row.name === name)?.value ?? null;
  return {
    deletes: configs.deleted,
    compacts: configs.compacted,
    // −1 is for ever: nothing overtakes a mirror then.
    retentionMs: limited(configs.retentionMs === null ? null : Number(configs.retentionMs)),
    deleteRetentionMs: limited(numberOf(configOf('delete.retention.ms'))),
  };
}

const limited = (ms: number | null) => (ms === null || ms < 0 ? null : ms);
const numberOf = (text: string | null) => (text === null || !/^-?\d+$/.test(text) ? null : Number(text));
