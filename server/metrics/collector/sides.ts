// The questions of a sweep that no lag waits for: fenced brokers, the quorum, disks, configs, transactions. Asked beside the others, on connections of
// their own; what is late is missing in the sweep.
import type { OpenTransaction } from '@/lib/contracts/monitoring/cluster-summary';
import { type DescribedCluster, describeCluster } from '@/server/kafka/wire/apis/describe-cluster';
import { describeTopicConfigs } from '@/server/kafka/wire/apis/describe-configs';
import { describeLogDirs } from '@/server/kafka/wire/apis/describe-log-dirs';
import { describeQuorum } from '@/server/kafka/wire/apis/describe-quorum';
import { listTransactions } from '@/server/kafka/wire/apis/list-transactions';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode } from '@/server/kafka/wire/errors';
import { askQuorum } from './ask-quorum';
import { askTransactions } from './ask-transactions';
import { askConfigs } from './configs';
import { requestTimeoutMs, silentLeaderLimitMs } from './limits';
import { asking, askingAny, type Run } from './run';
import { type Asked, within } from './step';
import type { QuorumSeen } from './sweep';

/** What they have told by the end of the sweep. */
export type Sides = {
  described: DescribedCluster | null;
  quorum: QuorumSeen | null;
  zooKeeper: boolean;
  transactions: OpenTransaction[] | null;
  /** Brokers that were asked for their disks, and those that told. */
  disksAsked: ReadonlySet<number>;
  disksRead: Set<number>;
};

/** Bit of AclOperation.DESCRIBE. */
const MAY_DESCRIBE = 1 << 8;
const nothing = () => {};
const limit = { timeoutMs: requestTimeoutMs };

export function askSides(run: Run): { sides: Sides; asked: Asked[] } {
  const due = run.lanes.filter(disksAreDue(run));
  const sides: Sides = {
    described: null,
    quorum: null,
    zooKeeper: false,
    transactions: null,
    disksAsked: new Set(due.map(({ id }) => id)),
    disksRead: new Set(),
  };
  const asked = [
    cluster(run, sides),
    quorum(run, sides),
    ...configs(run),
    ...due.map((lane) => disks(run, sides, lane)),
    ...run.lanes.map((lane) => transactions(run, sides, lane)),
  ];
  return { sides, asked };
}

function cluster(run: Run, sides: Sides): Asked {
  return askingAny(run, 'BROKERS', async (connection) => {
    const version = connection.versionOf(describeCluster);
    if (version === null || version < 2)
      run.gaps.notTold('BROKERS', 'Which brokers are fenced takes Kafka 4.0 to be told');
    if (version === null) return nothing;
    const described = await connection.request(describeCluster, { operations: true }, limit);
    return () => {
      if (described.errorCode !== 0) run.gaps.code('BROKERS', null, described.errorCode);
      else sides.described = described;
      if (described.operations !== null && (described.operations & MAY_DESCRIBE) === 0) run.gaps.limited();
    };
  });
}

/**
 * Brokers hand the question on to the leader, and answer nothing else on that connection until it has: hence one of its own. A leader that is silent is
 * given up early; after an election another one answers at once.
 */
function quorum(run: Run, sides: Sides): Asked {
  const { lanes, quorum: known } = run.memory;
  const leader = known && lanes.get(known.leader);
  const silent = leader && (leader.suspect || leader.reachable === false);
  const asked = askingAny(run, 'QUORUM', askAt(run, sides), { purpose: 'quorum' });
  return silent ? within(silentLeaderLimitMs, asked) : asked;
}

const askAt =
  (run: Run, sides: Sides) =>
  async (connection: Connection): Promise<() => void> => {
    if (connection.versionOf(describeQuorum) === null) {
      run.gaps.notTold('QUORUM', 'The cluster has no metadata quorum: it runs with ZooKeeper');
      return () => {
        sides.zooKeeper = true;
      };
    }
    const answer = await askQuorum(connection, run.now, run.memory.quorum);
    return () => {
      if (answer.errorCode !== 0) run.gaps.code('QUORUM', null, answer.errorCode);
      sides.quorum = answer.quorum;
      run.memory.quorum = answer.quorum ?? run.memory.quorum;
    };
  };

function configs(run: Run): Asked[] {
  const { memory, shape, gaps } = run;
  const ask = (topics: string[]) => async (connection: Connection) => {
    if (connection.versionOf(describeTopicConfigs) === null) {
      gaps.notTold('TOPIC_CONFIGS', 'Configs of topics take Kafka 2.8 to be told');
      return nothing;
    }
    const answers = await askConfigs(connection, topics);
    return () => {
      for (const [name, code] of memory.configs.learn(shape, answers, run.now()))
        if (code !== ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
          gaps.code('TOPIC_CONFIGS', null, code, { kind: 'topic', name });
    };
  };
  return memory.configs
    .due(shape, run.now())
    .map((topics, turn) => askingAny(run, 'TOPIC_CONFIGS', ask(topics), { turn }));
}

const disksAreDue =
  ({ memory, shape }: Run) =>
  ({ id }: Run['lanes'][number]): boolean =>
    memory.sizes.due(id, memory.sweeps, shape.partitions.leader.length);

function disks(run: Run, sides: Sides, lane: Run['lanes'][number]): Asked {
  return asking(run, 'LOG_DIRS', lane, async () => {
    const connection = await lane.connection('sweep');
    if (connection.versionOf(describeLogDirs) === null) {
      run.gaps.notTold('LOG_DIRS', 'Sizes on disk take Kafka 2.6 to be told');
      return nothing;
    }
    const { errorCode, dirs } = await connection.request(describeLogDirs, {}, limit);
    return () => {
      // Before v3 a missing right looks like no directories.
      const refused = errorCode === 0 && dirs.length === 0;
      const { sizes, sweeps } = run.memory;
      if (errorCode !== 0 || refused)
        sizes.refused(lane.id, sweeps, errorCode || ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
      else {
        sizes.told(lane.id, sweeps, run.now(), dirs);
        sides.disksRead.add(lane.id);
      }
    };
  });
}

function transactions(run: Run, sides: Sides, lane: Run['lanes'][number]): Asked {
  return asking(run, 'TRANSACTIONS', lane, async () => {
    const connection = await lane.connection('sweep');
    if (connection.versionOf(listTransactions) === null) {
      run.gaps.notTold('TRANSACTIONS', 'Open transactions take Kafka 3.0 to be told');
      return nothing;
    }
    const { errorCode, open } = await askTransactions(connection, lane.id);
    return () => {
      // A coordinator that is loading will tell soon.
      if (errorCode !== 0) run.gaps.code('TRANSACTIONS', lane.id, errorCode);
      sides.transactions = [...(sides.transactions ?? []), ...open];
    };
  });
}
