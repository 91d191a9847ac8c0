// What the API answers about removing and pausing mirrors, and about configs of mirrors, as the contracts have it.
import { mirrorsPaused } from '@/lib/contracts/api';
import { mirrorsRemoved } from '@/lib/contracts/removal';
import { type MirrorConfigRow, mirrorConfigsView } from '@/lib/contracts/topic-config-sync';

const row = (over: Partial<MirrorConfigRow> & { name: string }): MirrorConfigRow => ({
  ...{ source: '604800000', mirror: '604800000', same: true, rule: 'CHOSEN', holds: 'BOTH' },
  why: 'Both sides have the same.',
  ...over,
});

export const configs = (now: number) =>
  mirrorConfigsView.parse({
    readAt: now - 3_000,
    trouble: null,
    include: ['segment.ms'],
    rows: [
      row({ name: 'cleanup.policy', source: 'delete', mirror: 'delete', rule: 'ALWAYS' }),
      row({
        ...{ name: 'min.insync.replicas', source: '2', mirror: '1', same: false, rule: 'NOT_CHOSEN' },
        ...{ holds: 'MIRROR', why: 'Not in topic.config.sync.include.' },
      }),
      row({
        ...{ name: 'retention.ms', mirror: '-1', same: false, rule: 'HELD', holds: 'LINK' },
        why: 'Held while mirroring, so that every record keeps its offset and time.',
      }),
      row({ name: 'segment.ms', source: '3600000', mirror: '3600000' }),
    ],
  });

const topics = ['shop.orders.v0000', 'shop.payments.v0001', 'shop.customers.v0002'];
const beingStopped = 'A promote of "shop.customers.v0002" is under way. Wait for its end, or take it back.';

export const removals = (deleted: boolean) =>
  mirrorsRemoved.parse({
    removed: 0,
    message: deleted
      ? '2 topics of "cloud" are deleted for good, with all records: shop.orders.v0000, shop.payments.v0001.'
      : 'The 2 topics stay on "cloud" with all records mirrored so far, as ordinary writable topics.',
    mirrors: topics.map((topic, index) =>
      index === 2
        ? { topic, ok: false, fate: null, message: beingStopped }
        : { topic, ok: true, fate: deleted ? 'DELETED' : 'KEPT', message: '' },
    ),
  });

export const pauses = () =>
  mirrorsPaused.parse({
    changed: 0,
    mirrors: topics.map((topic, index) =>
      index === 2
        ? { topic, ok: false, code: 'MIRROR_STATE', changes: false, message: beingStopped }
        : { topic, ok: true, code: null, changes: true, message: 'Mirroring stops.' },
    ),
  });
