// The rights that a link needs on its destination, one row each. The real sequence and the brokers' own answers are the truth, not a list of ACLs.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { AclOperation, RightRow } from '@/lib/contracts/rights';
import { ClusterAdmin } from '@/server/kafka/admin';
import { clientFor } from '@/server/kafka/security';
import { addPartitionsToTxn } from '@/server/kafka/wire/apis/add-partitions-to-txn';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode } from '@/server/kafka/wire/errors';
import { CHECK_CLIENT_ID } from './cluster-probe';
import { NO_PARTITION } from './markers';
import { SCRATCH_PREFIX } from './reserved-topics';
import { topicRow, unknownRow } from './right-rows';
import { allows, grantCommand, TOPIC_RIGHTS } from './rights';
import type { ScratchResult } from './scratch';
import { refusedOperations } from './topic-probe';

/** Creations that are only validated go one by one. */
const CREATIONS_VALIDATED = 20;

type Missing = Map<AclOperation, string[]>;

/** @param scratch what the real sequence showed; null when it was not asked for */
export async function destinationRights(
  cluster: ClusterConfig,
  transactionalId: string,
  prefix: string,
  topics: readonly string[],
  scratch: ScratchResult | null,
  markers: { held: boolean; operation: 'ALTER' | 'CLUSTER_ACTION' },
): Promise<RightRow[]> {
  const client = clientFor(cluster, CHECK_CLIENT_ID);
  try {
    const rows =
      topics.length > 0 ? await ofTopics(client, cluster, topics, scratch) : ofScratch(cluster, scratch);
    return [
      ...rows,
      await ofTransactionalId(client, cluster, transactionalId, prefix),
      ofMarkers(cluster, markers, scratch),
    ];
  } finally {
    client.close();
  }
}

export const CREATE_RIGHT = { operation: 'CREATE', use: 'creates the mirror topic', vital: true } as const;

async function ofTopics(
  client: ClusterClient,
  cluster: ClusterConfig,
  topics: readonly string[],
  scratch: ScratchResult | null,
): Promise<RightRow[]> {
  const names = [...new Set(topics)].sort();
  const found = await client.metadata(names, { operations: true });
  const known = new Set(found.topics.filter((t) => t.errorCode === 0).map((t) => t.name));
  const missing: Missing = new Map();
  const lacks = (operation: AclOperation, name: string) =>
    missing.set(operation, [...(missing.get(operation) ?? []), name]);
  for (const topic of found.topics)
    for (const { operation } of TOPIC_RIGHTS.DESTINATION)
      if (topic.errorCode === 0 && topic.operations !== null && !allows(topic.operations, operation))
        lacks(operation, topic.name);
  const fresh = names.filter((name) => !known.has(name));
  const refused = fresh.length > 0 ? await refusedOperations(await client.anyConnection(), fresh) : new Map();
  for (const [name, operations] of refused) for (const operation of operations) lacks(operation, name);
  const hidden = found.topics.filter((t) => t.errorCode === ErrorCode.TOPIC_AUTHORIZATION_FAILED);
  for (const { name } of hidden) lacks('ALTER', name);
  for (const name of await uncreatable(cluster, fresh)) lacks('CREATE', name);
  const rows = TOPIC_RIGHTS.DESTINATION.map(({ operation, use }): RightRow => {
    const row = { side: 'DESTINATION', resource: 'TOPIC', operation } as const;
    const lacking = missing.get(operation) ?? [];
    // Nothing harmless tells it of a topic that doesn't exist.
    if (
      operation === 'ALTER' &&
      known.size === 0 &&
      lacking.length === 0 &&
      scratch?.rights.get('ALTER') === undefined
    )
      return unknownRow(row, cluster, use, names);
    return topicRow(row, cluster, use, lacking);
  });
  const create = { side: 'DESTINATION', resource: 'TOPIC', operation: CREATE_RIGHT.operation } as const;
  if (fresh.length > 0)
    return [topicRow(create, cluster, CREATE_RIGHT.use, missing.get('CREATE') ?? []), ...rows];
  return [
    { ...create, status: 'NOT_NEEDED', message: 'All mirror topics exist.', topics: [], command: null },
    ...rows,
  ];
}

/** Topics, of the first few, whose creation the destination refuses for want of a right; other refusals are the topics' own matter. */
export async function uncreatable(cluster: ClusterConfig, names: readonly string[]): Promise<string[]> {
  const admin = new ClusterAdmin(cluster, CHECK_CLIENT_ID);
  const refused: string[] = [];
  try {
    for (const topic of names.slice(0, CREATIONS_VALIDATED)) {
      try {
        await admin.createTopic({ topic, partitions: 1, replicationFactor: null, configs: {} }, true);
      } catch (error) {
        if (/(TOPIC|CLUSTER)_AUTHORIZATION_FAILED/.test((error as Error).message)) refused.push(topic);
      }
    }
  } finally {
    await admin.close();
  }
  return refused;
}

function ofScratch(cluster: ClusterConfig, scratch: ScratchResult | null): RightRow[] {
  return [CREATE_RIGHT, ...TOPIC_RIGHTS.DESTINATION].map(({ operation, use }): RightRow => {
    const row = { side: 'DESTINATION', resource: 'TOPIC', operation } as const;
    const status = scratch?.rights.get(operation);
    if (status === 'HELD')
      return {
        ...row,
        status,
        message: `The link ${use}: held on the scratch topic.`,
        topics: [],
        command: null,
      };
    const command = grantCommand(cluster, 'TOPIC', [operation], ['<prefix of the mirror topics>'], true);
    if (status === undefined)
      return {
        ...row,
        status: 'NOT_RUN',
        message: `The link ${use}. It is known when topics are named, or after the scratch sequence.`,
        topics: [],
        command,
      };
    return {
      ...row,
      status: 'NOT_RUN',
      message: `The link ${use}. Refused on topics with the prefix ${SCRATCH_PREFIX}; of other topics it is known when they are named.`,
      topics: [],
      command,
    };
  });
}

/** Asks for an impossible partition: the right to the id is looked at first, and nothing is begun. */
async function ofTransactionalId(
  client: ClusterClient,
  cluster: ClusterConfig,
  transactionalId: string,
  prefix: string,
): Promise<RightRow> {
  const row = { side: 'DESTINATION', resource: 'TRANSACTIONAL_ID', operation: 'WRITE' } as const;
  const use = `shows with the transactional id ${transactionalId} that no other engine writes`;
  const topics = [{ topic: 'landbridge-no-such-topic', partitions: [NO_PARTITION] }];
  const [answer] = await (await client.anyConnection()).request(addPartitionsToTxn, {
    transactionalId,
    producerId: 0n,
    producerEpoch: 0,
    topics,
  });
  if (answer?.errorCode !== ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
    return { ...row, status: 'HELD', message: `The link ${use}.`, topics: [], command: null };
  return {
    ...row,
    status: 'MISSING',
    message: `The link ${use}. Without it nothing is mirrored.`,
    topics: [],
    command: grantCommand(cluster, 'TRANSACTIONAL_ID', ['WRITE'], [prefix], true),
  };
}

function ofMarkers(
  cluster: ClusterConfig,
  { held, operation }: { held: boolean; operation: 'ALTER' | 'CLUSTER_ACTION' },
  scratch: ScratchResult | null,
): RightRow {
  const row = { side: 'DESTINATION', resource: 'CLUSTER', operation } as const;
  if (held)
    return {
      ...row,
      status: 'HELD',
      message: 'The link fills gaps with transaction markers, the fast way.',
      topics: [],
      command: null,
    };
  const measured = scratch?.fills
    ? ` On the scratch topic: ${Math.round(scratch.fills.gapsPerSecond)} gaps a second one by one, ${Math.round(scratch.fills.offsetsPerSecond)} offsets a second together.`
    : '';
  return {
    ...row,
    status: 'MISSING',
    message: `Not vital: gaps are filled with empty transactions, exact but slower; topics with more gaps than that are refused.${measured}`,
    topics: [],
    command: grantCommand(cluster, 'CLUSTER', [operation], []),
  };
}
