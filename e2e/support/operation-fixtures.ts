// Promotes, failovers and reverses for rendering tests, checked against the contracts.
import {
  type OperationDetail,
  type OperationKind,
  type OperationPlan,
  type OperationRow,
  type OperationStep,
  operationDetail,
  operationList,
  operationOptions,
  operationsStarted,
  type StatementPartition,
  type StepName,
} from '@/lib/contracts/operation';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const reason = 'Moving the shop to the cloud, change 4711.';
const waitsFor =
  'The source is being written to: partitions 3 (≈ 412/s), 7 (≈ 9/s). It must be quiet for 3 s. 1204 offsets are still to be mirrored in 2 of 12 partitions: 3 (1195), 7 (9).';

const promoteSteps: StepName[] = [
  ...(['REFRESH', 'DRAIN', 'SYNC_CONFIGS', 'SYNC_ACLS', 'SYNC_OFFSETS'] as const),
  ...(['SETTLE', 'FENCE', 'CONFIGS', 'UNLOCK', 'STOP'] as const),
];
const failoverSteps: StepName[] = ['SETTLE', 'FENCE', 'SYNC_OFFSETS', 'CONFIGS', 'UNLOCK', 'STOP'];
const found: Partial<Record<StepName, string>> = {
  REFRESH: 'Same topic id, 12 partitions.',
  DRAIN: 'All 12 partitions equal in two looks; quiet for 4.1 s.',
  SYNC_CONFIGS: '2 configs changed.',
  SYNC_OFFSETS: 'Wrote 12 positions of 3 groups.',
  FENCE: 'Fenced in 12 partitions, epoch 8.',
};

/** `at` is under way (or failed there), what is before is done. */
export function steps(
  names: StepName[],
  now: number,
  at: StepName | null,
  over: Partial<OperationStep> = {},
) {
  const index = at === null ? names.length : names.indexOf(at);
  return names.map((name, i): OperationStep => {
    if (i > index) return { name, state: 'PENDING', since: null, endedAt: null, detail: null };
    const since = now - (names.length - i) * 2 * SECOND_MS;
    if (i === index)
      return { name, state: 'RUNNING', since: now - 3 * MINUTE_MS, endedAt: null, detail: null, ...over };
    if (name === 'SYNC_ACLS')
      return { name, state: 'SKIPPED', since, endedAt: since, detail: 'acl.sync.enable is false.' };
    return { name, state: 'DONE', since, endedAt: since + 1300 + i * 97, detail: found[name] ?? null };
  });
}

export function row(now: number, over: Partial<OperationRow> = {}): OperationRow {
  return {
    id: 'op-1',
    auditOperationId: 'audit-1',
    topic: 'shop.orders',
    kind: 'PROMOTE',
    options: operationOptions.parse({}),
    reason,
    actor: 'Ada Lovelace',
    startedAt: now - 3 * MINUTE_MS - 2 * SECOND_MS,
    endedAt: null,
    outcome: null,
    message: null,
    missing: null,
    cancelAsked: false,
    cancellable: true,
    steps: steps(promoteSteps, now, 'DRAIN', { detail: waitsFor }),
    ...over,
  };
}

const ENDS = 9_007_199_254_740_993n;

function statementPartition(
  index: number,
  now: number,
  over: Partial<StatementPartition> = {},
): StatementPartition {
  const end = ENDS + BigInt(index) * 7_001n;
  return {
    partition: index,
    mirrorEnd: String(end),
    fence: String(end),
    epoch: 8,
    sourceLastStable: String(end),
    sourceEnd: String(end),
    sourceSeenAt: now - 40 * SECOND_MS,
    missing: '0',
    left: [],
    note: null,
    ...over,
  };
}

export const underWay = (now: number): OperationDetail =>
  operationDetail.parse({ ...row(now), statement: null, remake: null });

const done = (now: number) => ({
  outcome: 'DONE' as const,
  startedAt: now - 40 * SECOND_MS,
  endedAt: now - 8 * SECOND_MS,
  cancellable: false,
  steps: steps(promoteSteps, now, null),
});

/** Promoted, leaving two transactions behind. */
export const promoted = (now: number): OperationDetail =>
  operationDetail.parse({
    remake: null,
    ...row(now, {
      ...done(now),
      missing: '57',
      options: operationOptions.parse({ openTransactions: 'leave', configs: { 'min.insync.replicas': '2' } }),
    }),
    statement: {
      at: now - 9 * SECOND_MS,
      kind: 'PROMOTE',
      topic: 'shop.orders',
      sourceTopic: 'shop.orders',
      notes: ['Two transactions were open at the source: their records were left behind, as asked for.'],
      missing: '57',
      knownAt: now - 12 * SECOND_MS,
      configs: { 'min.insync.replicas': '2', 'retention.ms': '604800000' },
      partitions: Array.from({ length: 200 }, (_, i) =>
        statementPartition(
          i,
          now,
          i === 3
            ? {
                missing: '57',
                sourceEnd: String(ENDS + 21_003n + 57n),
                left: [
                  { from: '9007199254761996', to: '9007199254762011', producerId: '4711', producerEpoch: 3 },
                  { from: '9007199254762020', to: '9007199254762053', producerId: null, producerEpoch: null },
                ],
              }
            : {},
        ),
      ),
    },
  });

/** Failed over from a source that is gone: what is missing is known for some partitions only. */
export const failedOver = (now: number): OperationDetail =>
  operationDetail.parse({
    remake: null,
    ...row(now, {
      ...done(now),
      kind: 'FAILOVER',
      topic: 'shop.clicks',
      reason: 'dc1 burns, decided by the crisis team.',
      steps: steps(failoverSteps, now, null),
      options: operationOptions.parse({ force: true }),
    }),
    statement: {
      at: now - 9 * SECOND_MS,
      kind: 'FAILOVER',
      topic: 'shop.clicks',
      sourceTopic: 'shop.clicks',
      notes: [
        'The source was not asked. What it has taken since it was last seen is missing too, and nobody knows how much.',
        'Transactions may be cut between partitions.',
      ],
      missing: null,
      knownAt: null,
      configs: {},
      partitions: Array.from({ length: 12 }, (_, i) =>
        statementPartition(
          i,
          now,
          i === 5
            ? { sourceEnd: null, sourceLastStable: null, sourceSeenAt: null, missing: null }
            : i === 7
              ? {
                  mirrorEnd: null,
                  fence: null,
                  epoch: null,
                  missing: null,
                  note: 'Offline at the destination: not fenced, forced.',
                }
              : i % 3 === 0
                ? { missing: '1284', sourceEnd: String(ENDS + BigInt(i) * 7_001n + 1284n) }
                : {},
        ),
      ),
    },
  });

export const failed = (now: number): OperationDetail =>
  operationDetail.parse({
    remake: null,
    ...row(now, {
      ...done(now),
      outcome: 'FAILED',
      message:
        'The source topic was recreated: it has another id (Qd7r…) than the one that was mirrored (x81K…). Nothing was changed.',
      steps: steps(promoteSteps, now, 'REFRESH', {
        state: 'FAILED',
        endedAt: now - 8 * SECOND_MS,
        detail: 'Another topic id.',
      }),
    }),
    statement: null,
  });

export const fenced = (now: number): OperationDetail =>
  operationDetail.parse({
    remake: null,
    ...row(now, {
      cancellable: false,
      steps: steps(promoteSteps, now, 'FENCE', {
        detail: 'Partitions 3, 7 have no leader on the destination: fenced in 10 of 12.',
      }),
    }),
    statement: null,
  });

/** 40 mirrors asked for together: one failed, two go on, the others are stopped. */
export const group = (now: number, limit: number) => {
  const topic = (i: number) => `shop.${['orders', 'payments', 'customers', 'clicks'][i % 4]}.v${i}`;
  const operations = Array.from({ length: 40 }, (_, i) => {
    const named = { id: `op-${i}`, topic: topic(i) };
    if (i === 0) return row(now, { ...failed(now), ...named });
    if (i === 1) return row(now, named);
    if (i === 2) return row(now, { ...fenced(now), ...named });
    return row(now, { ...done(now), ...named, missing: '0' });
  });
  return operationList.parse({
    operations: operations.slice(0, limit),
    counts: { open: 2, done: 37, failed: 1, cancelled: 0 },
  });
};

export const list = (now: number, open: boolean) => {
  const operations = [
    underWay(now),
    failed(now),
    promoted(now),
    failedOver(now),
    operationDetail.parse({
      remake: null,
      ...row(now, {
        ...done(now),
        topic: 'shop.returns',
        outcome: 'CANCELLED',
        steps: steps(promoteSteps, now, 'DRAIN', { state: 'PENDING' }),
      }),
      statement: null,
    }),
  ].map((operation, i) => ({ ...operation, id: `op-${i}`, auditOperationId: `audit-${i}` }));
  return operationList.parse({
    operations: open ? operations.slice(0, 1) : operations,
    counts: { open: 1, done: 2, failed: 1, cancelled: 1 },
  });
};

export const noOperations = () =>
  operationList.parse({ operations: [], counts: { open: 0, done: 0, failed: 0, cancelled: 0 } });

function plan(topic: string, over: Partial<OperationPlan> = {}): OperationPlan {
  return {
    topic,
    ok: true,
    code: null,
    message: 'Is drained, fenced and stopped; then cloud’s clients may write to it.',
    partitions: 12,
    lagMessages: '3',
    blocked: '0',
    sourceSeenAt: Date.now() - SECOND_MS,
    configs: {},
    warnings: [],
    operationId: null,
    ...over,
  };
}

const started = (kind: OperationKind, plans: OperationPlan[]) =>
  operationsStarted.parse({ kind, started: 0, auditOperationId: null, plans });

export const promotePlans = () =>
  started('PROMOTE', [
    plan('shop.orders', {
      lagMessages: '12048',
      blocked: '41',
      warnings: ['A transaction of producer 4711 has been open for 12 min: its mirror waits for it.'],
    }),
    plan('shop.payments', {
      warnings: ['Somebody writes to the source: ≈ 412 records/s in the last minute.'],
    }),
    plan('shop.clicks', {
      lagMessages: '1284091',
      warnings: ['Somebody writes to the source: ≈ 412 records/s in the last minute.'],
    }),
    plan('shop.customers'),
    plan('shop.shipments', {
      ok: false,
      code: 'MIRROR_FAILED',
      message:
        'It has failed (UNEXPECTED_WRITE at offset 88,213,904 of partition 3): mend it first, or fail it over.',
      lagMessages: '52118',
    }),
  ]);

export const reversePlans = () =>
  started('REVERSE', [
    plan('shop.orders', {
      message:
        'Waits until "shop.orders" holds all that its source has, then it becomes an ordinary topic of "cloud", and "shop.orders" of "dc1" its mirror, without a copy: on link "dc1-to-cloud" from "cloud" to "dc1", which is made.',
      warnings: [
        'Nobody can write to "shop.orders" on "dc1" from the first steps on; its producers get errors until they go to "cloud".',
        'Mirrored from "shop.orders" on "dc1", too: link "dc1-to-lab" to "lab". They go on, and get everything from there once it has come back.',
      ],
    }),
    plan('shop.clicks', {
      ok: false,
      code: 'MIRROR_STATE',
      message:
        "The link may not change ACLs on dc1, so that shop.clicks can't be fenced there. Grant ALTER on the cluster. Or stop its producers and say so (sourceFence: none, producersStopped: true).",
    }),
  ]);

const reverseSteps: StepName[] = [
  ...(['CHECK_BACK', 'REFRESH', 'FENCE_SOURCE', 'DRAIN', 'SYNC_CONFIGS', 'SYNC_ACLS'] as const),
  ...([
    'SYNC_OFFSETS',
    'SETTLE',
    'FENCE',
    'LEVEL',
    'CONFIGS',
    'UNLOCK',
    'TURN',
    'LOCK_BACK',
    'STOP',
  ] as const),
];

/** @param turned false: somebody wrote to the source behind its end */
export const reversed = (now: number, turned = true): OperationDetail => {
  const parted =
    'A record was written to shop.orders partition 1 at offset 9007199254747994 behind its end by producer 4711; this topic does not have it. The two topics have parted: there is no way back but by a copy (fail it back).';
  const fence =
    'shop.orders on dc1 is no mirror of this topic. The fence of shop.orders on dc1 still stands, so that nobody writes to it by mistake; lift it on the link’s page, under Access.';
  const all = steps(reverseSteps, now, null);
  return operationDetail.parse({
    ...row(now, {
      ...done(now),
      kind: 'REVERSE',
      missing: turned ? '0' : '1',
      message: turned
        ? 'Turned round: 4 partitions; nothing is missing.'
        : `Promoted, and not turned: 4 partitions. ${fence}`,
      steps: turned
        ? all
        : all.map((step) =>
            ['LEVEL', 'TURN', 'LOCK_BACK'].includes(step.name)
              ? {
                  ...step,
                  state: 'SKIPPED' as const,
                  detail: step.name === 'TURN' ? fence : 'Parted: partition 1.',
                }
              : step,
          ),
    }),
    remake: null,
    statement: {
      at: now - 9 * SECOND_MS,
      kind: 'REVERSE',
      topic: 'shop.orders',
      sourceTopic: 'shop.orders',
      notes: turned ? [] : [parted, fence],
      missing: turned ? '0' : '1',
      knownAt: now - 12 * SECOND_MS,
      configs: { 'retention.ms': '604800000' },
      back: turned ? { destination: 'dc1', name: 'dc1-to-cloud', topic: 'shop.orders' } : null,
      partitions: Array.from({ length: 4 }, (_, i) =>
        statementPartition(i, now, {
          turnAt: turned || i !== 1 ? String(ENDS + BigInt(i) * 7_001n) : null,
          ...(turned || i !== 1 ? {} : { missing: '1', note: parted }),
        }),
      ),
    },
  });
};

export const goodPlans = (count: number) =>
  started(
    'PROMOTE',
    Array.from({ length: count }, (_, i) => plan(`shop.${['orders', 'payments'][i % 2]}.v${i}`)),
  );

export const failoverPlans = (now: number) =>
  started('FAILOVER', [
    plan('shop.orders', { lagMessages: '3', sourceSeenAt: now - 11 * MINUTE_MS, message: failsOver }),
    plan('shop.clicks', {
      lagMessages: '1284091',
      blocked: '57',
      sourceSeenAt: now - 11 * MINUTE_MS,
      message: failsOver,
    }),
    plan('shop.ledger', {
      lagMessages: null,
      blocked: null,
      sourceSeenAt: null,
      message: failsOver,
      warnings: ['The end of the source is not known: no engine has seen it since this mirror was created.'],
    }),
    plan('shop.returns', {
      lagMessages: '0',
      sourceSeenAt: now - 11 * MINUTE_MS,
      message: failsOver,
      warnings: ['Partition 7 has no leader on cloud: the topic stays in stopping until it is back.'],
    }),
  ]);
const failsOver = 'Is fenced with what it holds and stopped; then cloud’s clients may write to it.';
