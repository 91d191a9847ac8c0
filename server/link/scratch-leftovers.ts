/**
 * Scratch topics of checks that died in the middle (kill -9, a machine that went away). Deletes what bears a check's name, is
 * older than any check takes, and has the very configs and size that a check gives it; never anything else. Best effort:
 * what may not be seen or deleted stays.
 */
import { randomBytes } from 'node:crypto';
import type { ClusterAdmin } from '@/server/kafka/admin';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { SCRATCH_STALE_MS } from './defaults';
import { SCRATCH_PREFIX } from './reserved-topics';

/** All that is set on a scratch topic. */
export const SCRATCH_CONFIGS: Readonly<Record<string, string>> = {
  'retention.ms': '-1',
  'min.insync.replicas': '1',
};
/** The last step of a check adds the second one. */
const MOST_PARTITIONS = 2;
const NAME = new RegExp(`^${SCRATCH_PREFIX}(\\d{13})-[0-9a-f]{12}$`);

/** Tells when it was made: brokers don't. */
export const scratchTopicName = (nowMs: number): string =>
  `${SCRATCH_PREFIX}${nowMs}-${randomBytes(6).toString('hex')}`;

/** Made by a check that cannot run any more. */
export function isStaleScratchName(topic: string, nowMs: number): boolean {
  const madeAtMs = NAME.exec(topic)?.[1];
  return madeAtMs !== undefined && nowMs - Number(madeAtMs) > SCRATCH_STALE_MS;
}

/** @returns what was deleted @throws KafkaError when the cluster does not tell its topics */
export async function removeStaleScratchTopics(
  client: ClusterClient,
  admin: ClusterAdmin,
  nowMs: number = Date.now(),
): Promise<string[]> {
  const { topics } = await client.metadata(null);
  const stale = topics
    .filter(({ name, partitions }) => isStaleScratchName(name, nowMs) && partitions.length <= MOST_PARTITIONS)
    .map(({ name }) => name);
  if (stale.length === 0) return [];
  const configs = await admin.describeTopicConfigs(stale);
  const removed: string[] = [];
  for (const topic of stale) {
    const set = (configs.get(topic) ?? []).filter(({ overridden }) => overridden);
    const ours = set.every(({ name, value }) => SCRATCH_CONFIGS[name] === value);
    if (!ours || set.length !== Object.keys(SCRATCH_CONFIGS).length) continue;
    // Another check may have been faster.
    const gone = await admin.deleteTopic(topic).then(
      () => true,
      () => false,
    );
    if (gone) removed.push(topic);
  }
  return removed;
}
