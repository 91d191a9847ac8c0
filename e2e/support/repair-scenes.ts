// What is shown after something went wrong: repairs that fit and that don't, and where both sides of a failed over topic part.
import { failbackPlan } from '@/lib/contracts/failback';
import { repairView } from '@/lib/contracts/repair';
import type { Scene } from './scenes';

/** Of any mirror that has failed. */
export const repairs = () =>
  repairView.parse({
    topic: 'shop.shipments',
    ways: [
      {
        ...{ way: 'CHECK_AGAIN', fits: true },
        message: 'Both sides are looked at as at a start, and mirroring goes on where they fit together.',
      },
      {
        ...{ way: 'DECLARE_LOST', fits: false },
        message: 'No partition stands for a range that the source deleted before it was mirrored.',
      },
      { way: 'RESEED', fits: true, message: 'The topic is deleted on "cloud" and mirrored anew.' },
    ],
    lost: [],
  });

const huge = '9007199254740993';
const parted = (partition: number, records: string | null, note: string | null = null) => ({
  ...{ partition, start: '0', end: huge, otherStart: '0', otherEnd: huge, note },
  ...{ parted: records === '0' ? null : huge, records, otherRecords: records === '0' ? null : '41' },
});
const plan = failbackPlan.parse({
  ...{ topic: 'shop.orders', sourceTopic: 'shop.orders' },
  back: { destination: 'dc1', name: 'dc1-to-cloud', exists: true },
  parting: {
    old: {
      ...{ topicId: 'f'.repeat(32), partitions: 3, replicationFactor: 3, offsets: huge },
      ...{ activeGroups: ['billing'], rightsMissing: null },
    },
    partitions: [
      parted(0, '1312'),
      parted(1, '0'),
      parted(2, null, 'A transaction is open on the old side from offset 17.'),
    ],
    ...{ records: null, diverged: true, compacted: false },
  },
  message: 'Records of "shop.orders" on "dc1" are not in "shop.orders".',
  warnings: [
    'What has diverged is gone for good with the topic: download it first, or have it copied to a topic.',
    'Stop whoever writes to "shop.orders" on "dc1": it waits until nobody does.',
  ],
});

const path = '/links/cloud/dc1-to-cloud/mirrors/shop.orders/failback';
const route = 'links/cloud/dc1-to-cloud/mirrors/shop.orders/failback';

export const repairScenes: Scene[] = [
  {
    name: 'fail back',
    path,
    shows: '1,312',
    api: { [route]: () => plan },
  },
  {
    name: 'fail back that is being read',
    path,
    shows: 'Both sides are being read…',
    api: { [route]: () => 'hang' },
  },
  {
    name: 'fail back of what was not failed over',
    path,
    shows: 'there is nothing to fail back',
    api: {
      [route]: () => ({
        status: 409,
        body: {
          code: 'MIRROR_STATE',
          message:
            '"shop.orders" still mirrors from "dc1": there is nothing to fail back before it was failed over.',
        },
      }),
    },
  },
];
