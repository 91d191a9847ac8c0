// How topics are shown: health as shape and word, configs in units that people read. Pure.
import type { ConfigSource, TopicPartitionRow, TopicRow } from '@/lib/contracts/monitoring/topics';
import { formatBytes, formatDuration, groupDigits } from '@/lib/format';
import type { Look } from '../observed/look';

export const whyUnderMinIsr =
  'Fewer replicas are in sync than min.insync.replicas: producers with acks=all are refused.';
const whyOffline = 'It has no leader: nobody can read or write it.';
const whyUnknown = 'Its leader did not answer in the last sweep: nothing of it is known now.';
const whyUnderReplicated = 'Replicas are missing or behind: one more lost broker hurts more than it should.';

/** The worst of its partitions. */
export function topicLook(
  row: Pick<TopicRow, 'offline' | 'underMinIsr' | 'underReplicated' | 'untold'>,
): Look {
  if (row.offline > 0)
    return { shape: 'square', word: 'Offline', detail: groupDigits(row.offline), why: whyOffline };
  if (row.underMinIsr !== null && row.underMinIsr > 0)
    return {
      shape: 'square',
      word: 'Under min ISR',
      detail: groupDigits(row.underMinIsr),
      why: whyUnderMinIsr,
    };
  if (row.underReplicated > 0)
    return {
      shape: 'triangle',
      word: 'Under-replicated',
      detail: groupDigits(row.underReplicated),
      why: whyUnderReplicated,
    };
  if (row.untold > 0)
    return { shape: 'hollow', word: 'Not all known', detail: groupDigits(row.untold), why: whyUnknown };
  return { shape: 'circle', word: 'In sync', why: 'Every replica of every partition is in sync.' };
}

const partitionLooks: Record<TopicPartitionRow['status'], Look> = {
  OK: { shape: 'circle', word: 'In sync' },
  UNKNOWN: { shape: 'hollow', word: 'Unknown', why: whyUnknown },
  OFFLINE: { shape: 'square', word: 'Offline', why: whyOffline },
  UNDER_MIN_ISR: { shape: 'square', word: 'Under min ISR', why: whyUnderMinIsr },
  UNDER_REPLICATED: { shape: 'triangle', word: 'Under-replicated', why: whyUnderReplicated },
};
export const partitionLook = (status: TopicPartitionRow['status']): Look => partitionLooks[status];

export const configSourceWords: Record<ConfigSource, string> = {
  TOPIC: 'this topic',
  BROKER: 'one broker, dynamic',
  ALL_BROKERS: 'all brokers, dynamic',
  BROKER_FILE: 'server.properties',
  DEFAULT: 'Kafka’s default',
  OTHER: 'other',
};

/** retention.ms as people say it. */
export const retentionText = (ms: string): string =>
  ms.startsWith('-') ? 'for ever' : formatDuration(Number(ms) / 1000);

/** "7 d" beside 604800000, "1 GiB" beside 1073741824; null where the value says it itself. */
export function configMeaning(name: string, value: string | null): string | null {
  if (value === null || !/^-?\d+$/.test(value)) return null;
  // Of local.retention.ms and local.retention.bytes: the tiered log's own limit holds.
  if (name.startsWith('local.') && value === '-2') return `as ${name.slice('local.'.length)}`;
  if (/\.ms$/.test(name)) {
    if (value === '-1') return 'no limit';
    return Number(value) >= 9e15 ? 'no limit' : formatDuration(Number(value) / 1000);
  }
  if (/bytes$/.test(name)) return value === '-1' ? 'no limit' : formatBytes(value);
  if (BigInt(value) >= 2n ** 62n) return 'no limit';
  return null;
}
