// For tests of the web thread only: the other end of the message contract, in process and without Kafka. It answers what a test tells it to.

import type { AclPreview } from '@/lib/contracts/acl-sync';
import type { ClusterProbe } from '@/lib/contracts/cluster';
import type { GroupPage, GroupRow } from '@/lib/contracts/consumer-group';
import type {
  DesiredLink,
  EngineAnswers,
  EngineRequest,
  FromEngine,
  LinkCheck,
  MirrorVerdict,
  ToEngine,
} from '@/lib/contracts/engine';
import type { LinkTask, LinkTaskName } from '@/lib/contracts/link-task';
import type { OldTopicLook } from '@/lib/contracts/remake';
import type { SpawnEngine } from '@/server/engine-supervisor';
import type { ThreadEvents } from '@/server/threads/thread-supervisor';

type Answers = {
  [Op in EngineRequest['op']]: (
    request: Extract<EngineRequest, { op: Op }>,
  ) => EngineAnswers[Op] | Promise<EngineAnswers[Op]>;
};

export class EngineMessages {
  /** What the web thread has sent, oldest first. */
  readonly received: ToEngine[] = [];
  readonly answers: Answers;
  /** Epochs told at a clean stop; null: never says that it has stopped. */
  epochs: Record<string, number | null> | null = {};
  spawned = 0;
  #events: ThreadEvents | null = null;

  constructor(answers: Partial<Answers> = {}) {
    this.answers = { ...usualAnswers(), ...answers };
  }

  readonly spawn: SpawnEngine = (events) => {
    this.spawned++;
    this.#events = events;
    queueMicrotask(() => events.onMessage({ type: 'heartbeat', at: Date.now() }));
    return {
      // Through a structured clone, as between threads.
      post: (message) => this.#receive(structuredClone(message)),
      terminate: () => Promise.resolve(),
    };
  };

  say(message: FromEngine): void {
    this.#events?.onMessage(structuredClone(message));
  }

  /** The thread ends by itself. */
  die(): void {
    this.#events?.onExit();
  }

  get desired(): DesiredLink[] {
    for (const message of this.received.toReversed()) if (message.type === 'desired') return message.links;
    return [];
  }

  #receive(message: ToEngine): void {
    this.received.push(message);
    if (message.type === 'stop' && this.epochs !== null) this.say({ type: 'stopped', epochs: this.epochs });
    if (message.type !== 'request') return;
    const { id, request } = message;
    this.#answer(request).then(
      (value) => this.say({ type: 'answer', id, ok: true, value, error: null }),
      (error: unknown) => this.say({ type: 'answer', id, ok: false, value: null, error: String(error) }),
    );
  }

  async #answer(request: EngineRequest): Promise<unknown> {
    switch (request.op) {
      case 'probeCluster':
        return this.answers.probeCluster(request);
      case 'listTopics':
        return this.answers.listTopics(request);
      case 'checkLink':
        return this.answers.checkLink(request);
      case 'checkBack':
        return this.answers.checkBack(request);
      case 'checkMirrors':
        return this.answers.checkMirrors(request);
      case 'produceRecord':
        return this.answers.produceRecord(request);
      case 'runTask':
        return this.answers.runTask(request);
      case 'previewAcls':
        return this.answers.previewAcls(request);
      case 'releaseAcls':
        return this.answers.releaseAcls(request);
      case 'lookAtTopics':
        return this.answers.lookAtTopics(request);
      case 'deleteTopics':
        return this.answers.deleteTopics(request);
      case 'liftFence':
        return this.answers.liftFence(request);
      case 'groups':
        return this.answers.groups(request);
      case 'group':
        return this.answers.group(request);
      case 'mirrorConfigs':
        return this.answers.mirrorConfigs(request);
      case 'previewGroups':
        return this.answers.previewGroups(request);
      case 'checkAgain':
        return this.answers.checkAgain(request);
      case 'lookAtTopic':
        return this.answers.lookAtTopic(request);
      case 'lookAtParting':
        return this.answers.lookAtParting(request);
      case 'recordsOfSource':
        return this.answers.recordsOfSource(request);
    }
  }
}

/** Every cluster is reachable and has the id `id-of-<name>`; every topic may be mirrored. */
function usualAnswers(): Answers {
  return {
    probeCluster: ({ cluster }) => probeOf(cluster.name),
    listTopics: () => [
      { name: 'orders', partitions: 4, internal: false, replicationFactor: 1, cleanupPolicy: 'delete' },
    ],
    checkLink: ({ source, destination }) => passedCheck(source.name, destination.name),
    checkBack: ({ source, destination }) => ({
      check: passedCheck(destination.name, source.name),
      acls: 'ALLOWED',
      longer: {},
    }),
    checkMirrors: ({ mirrors }) =>
      mirrors.map(({ topic, sourceTopic }) => acceptedVerdict(topic, sourceTopic)),
    produceRecord: () => ({ offset: '0' }),
    runTask: ({ task }) => taskOf(task),
    previewAcls: () => emptyAclPreview,
    releaseAcls: () => ({ left: [] }),
    lookAtTopics: ({ topics }) =>
      topics.map(({ topic }) => ({ topic, topicId: `id-of-${topic}`, refusal: null })),
    deleteTopics: ({ topics }) =>
      topics.map(({ topic }) => ({ topic, outcome: 'GONE', message: `${topic} is deleted.` })),
    liftFence: () => ({ left: [] }),
    groups: () => ({ ...groupPageOf(groupRowOf('billing')) }),
    group: ({ group }) => ({
      asOf: Date.now(),
      group: groupRowOf(group),
      partitions: [],
      members: [],
      membersTrouble: null,
    }),
    mirrorConfigs: () => ({ readAt: Date.now(), trouble: null, include: ['segment.ms'], rows: [] }),
    previewGroups: () => ({ seen: 2, matched: 1, names: ['billing'] }),
    checkAgain: () => ({ topic: false, partitions: [0], kept: [] }),
    lookAtTopic: () => anOldTopic,
    lookAtParting: () => ({
      ...{ old: anOldTopic, records: '2', diverged: true, compacted: false },
      partitions: [
        {
          ...{ partition: 0, start: '0', end: '7', otherStart: '0', otherEnd: '9', parted: '5' },
          ...{ records: '2', otherRecords: '3', note: null },
        },
      ],
    }),
    recordsOfSource: ({ to }) => ({ ndjson: '{"partition":0}\n', records: 1, next: to }),
  };
}

export const anOldTopic: OldTopicLook = {
  ...{ topicId: 'id-of-topic', partitions: 4, replicationFactor: 1, offsets: '7' },
  ...{ activeGroups: [], rightsMissing: null },
};

const emptyAclPreview: AclPreview = {
  source: 2,
  destination: 3,
  problems: [],
  counts: { PRESENT: 0, ADD: 0, WITHHELD: 0, REMOVE: 0, SKIPPED: 0 },
  rows: [],
  held: [],
};

export const groupRowOf = (group: string): GroupRow => ({
  group,
  mirrorGroup: group,
  type: 'classic',
  sourceState: 'Stable',
  mirrorState: 'Empty',
  status: 'IN_STEP',
  why: null,
  partitions: 1,
  sourceLag: '3',
  mirrorLag: '3',
  lastSyncAt: Date.now(),
});
export const groupPageOf = (...rows: GroupRow[]): GroupPage => ({
  enabled: true,
  asOf: Date.now(),
  total: rows.length,
  matched: rows.length,
  byStatus: { IN_STEP: rows.length },
  rows,
});

export const taskOf = (name: LinkTaskName): LinkTask => ({
  name,
  state: 'ACTIVE',
  errors: [],
  running: false,
  lastRunAt: Date.now(),
  said: 'Set configs of 1 mirror topics.',
  nextRunAt: null,
});

export function probeOf(name: string): ClusterProbe {
  return {
    reachable: true,
    checkedAt: Date.now(),
    clusterId: `id-of-${name}`,
    kafkaVersion: '4.1',
    controllerId: 1,
    brokers: [{ id: 1, host: '127.0.0.1', port: 9092, rack: null }],
    topicCount: 1,
    partitionCount: 4,
    rttMs: 0.5,
    checks: [{ stage: 'TCP', status: 'OK', message: 'Connected.', durationMs: 0.4 }],
  };
}

export function passedCheck(source: string, destination: string): LinkCheck {
  return {
    ok: true,
    error: 'NO_ERROR',
    source: [{ stage: 'TCP', status: 'OK', message: 'Connected.', durationMs: 1 }],
    destination: [{ stage: 'SCRATCH_TOPIC', status: 'OK', message: 'Exact.', durationMs: 30 }],
    sourceClusterId: `id-of-${source}`,
    destinationClusterId: `id-of-${destination}`,
  };
}

export function acceptedVerdict(topic: string, sourceTopic = topic): MirrorVerdict {
  return {
    topic,
    sourceTopic,
    ok: true,
    message: 'Will be created.',
    partitions: 4,
    headFill: '0',
    backlog: '0',
  };
}
