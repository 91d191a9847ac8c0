// Groups of one cluster over the wire client: who coordinates them, what they have committed, and commits for those without members.
// Asks each coordinator once for many groups, one request after the other. Decides nothing.
import {
  type AlterShareGroupOffsetsRequest,
  alterShareGroupOffsets,
} from './wire/apis/alter-share-group-offsets';
import { consumerGroupDescribe } from './wire/apis/consumer-group-describe';
import { type DescribedGroup, describeGroups } from './wire/apis/describe-groups';
import { describeShareGroupOffsets } from './wire/apis/describe-share-group-offsets';
import { COORDINATORS_BATCHED_FROM, findCoordinators } from './wire/apis/find-coordinators';
import { type ListedGroup, listGroups } from './wire/apis/list-groups';
import { type OffsetCommitRequest, offsetCommit } from './wire/apis/offset-commit';
import { type CommittedOffset, OFFSET_FETCH_BATCHED_FROM, offsetFetch } from './wire/apis/offset-fetch';
import { shareGroupDescribe } from './wire/apis/share-group-describe';
import { streamsGroupDescribe } from './wire/apis/streams-group-describe';
import type { ClusterClient } from './wire/cluster-client';
import type { Connection } from './wire/connection';
import { ErrorCode, KafkaError, ProtocolError } from './wire/errors';

export type FoundGroup = ListedGroup & { coordinator: number };

/** What became of one group; exactly one of both is set. */
export type GroupAnswer<T> = { value: T; error: null } | { value: null; error: KafkaError };
export type Answers<T> = Map<string, GroupAnswer<T>>;

/** v6 tells nothing of what may be done with a group that doesn't exist. */
const describeRights = { ...describeGroups, maxVersion: 5 };
/** Groups a request: answers stay small enough not to hold up the broker. */
const GROUPS_A_REQUEST = 100;
const COORDINATOR_KEYS_A_REQUEST = 500;
/** A coordinator that isn't there yet is waited for this long. */
const COORDINATOR_WAIT_MS = 5_000;
const COORDINATOR_RETRY_MS = 200;
/** Commits in flight at one coordinator. */
const COMMITS_AT_ONCE = 16;
const REFUSED = new Set<number>([ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED]);

/** Refused for want of a right on the group or on a topic. */
export function isRefused(error: KafkaError): boolean {
  return error instanceof ProtocolError && REFUSED.has(error.code);
}

/** All groups that the principal may see, from every broker that answers. @returns also what the others said */
export async function listAllGroups(
  client: ClusterClient,
): Promise<{ groups: Map<string, FoundGroup>; troubles: KafkaError[] }> {
  if (client.brokers.length === 0) await client.metadata([]);
  const groups = new Map<string, FoundGroup>();
  const troubles: KafkaError[] = [];
  await Promise.all(
    client.brokers.map(async ({ id }) => {
      try {
        const connection = await client.connection(id, 'groups');
        const answer = await connection.request(listGroups, {});
        // A coordinator that is still loading has told what it knows.
        if (answer.errorCode !== 0)
          troubles.push(new ProtocolError(answer.errorCode, connection.where, 'ListGroups'));
        for (const group of answer.groups) groups.set(group.group, { ...group, coordinator: id });
      } catch (error) {
        troubles.push(asKafkaError(error));
      }
    }),
  );
  return { groups, troubles };
}

/** The coordinator of each group. Waits a little for one that isn't there yet: a cluster's first groups make it create its offsets topic. */
export async function coordinatorsOf(
  client: ClusterClient,
  groups: readonly string[],
): Promise<Answers<number>> {
  const answers: Answers<number> = new Map();
  const limitMs = performance.now() + COORDINATOR_WAIT_MS;
  for (let left = [...groups]; left.length > 0; ) {
    await askForCoordinators(client, left, answers);
    left = left.filter((group) => isNotThereYet(answers.get(group)?.error ?? null));
    if (left.length === 0 || performance.now() > limitMs) break;
    await new Promise((resolve) => setTimeout(resolve, COORDINATOR_RETRY_MS));
  }
  return answers;
}

function isNotThereYet(error: KafkaError | null): boolean {
  return error instanceof ProtocolError && error.code === ErrorCode.COORDINATOR_NOT_AVAILABLE;
}

async function askForCoordinators(
  client: ClusterClient,
  groups: readonly string[],
  answers: Answers<number>,
): Promise<void> {
  const any = await client.anyConnection();
  const version = any.versionOf(findCoordinators) ?? 0;
  const size = version >= COORDINATORS_BATCHED_FROM ? COORDINATOR_KEYS_A_REQUEST : 1;
  for (const keys of chunks(groups, size)) {
    const found = await any.request(findCoordinators, { keys });
    for (const { key, nodeId, errorCode, errorMessage } of found)
      answers.set(
        key ?? (keys[0] as string),
        errorCode === 0
          ? { value: nodeId, error: null }
          : failed(new ProtocolError(errorCode, any.where, 'FindCoordinator', errorMessage ?? key ?? '')),
      );
  }
}

/**
 * What groups have committed, on topics that the principal may describe.
 * @param requireStable offsets that an open transaction may still change come with UNSTABLE_OFFSET_COMMIT
 */
export async function committedOffsets(
  client: ClusterClient,
  coordinators: ReadonlyMap<string, number>,
  { requireStable }: { requireStable: boolean },
): Promise<Answers<CommittedOffset[]>> {
  const answers: Answers<CommittedOffset[]> = new Map();
  await atCoordinators(client, coordinators, answers, async (connection, groups) => {
    const batched = (connection.versionOf(offsetFetch) ?? 0) >= OFFSET_FETCH_BATCHED_FROM;
    for (const some of chunks(groups, batched ? GROUPS_A_REQUEST : 1)) {
      const found = await connection.request(offsetFetch, { groups: some, requireStable });
      for (const { group, errorCode, offsets } of found) {
        const name = group ?? (some[0] as string);
        answers.set(
          name,
          errorCode === 0 || errorCode === ErrorCode.GROUP_ID_NOT_FOUND
            ? { value: offsets, error: null }
            : failed(new ProtocolError(errorCode, connection.where, 'OffsetFetch', name)),
        );
      }
    }
  });
  return answers;
}

/** Commits for groups without members. @returns per group the errors by partition, as `topic-partition` → code */
export async function commitOffsets(
  client: ClusterClient,
  coordinators: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, OffsetCommitRequest>,
): Promise<Answers<Map<string, number>>> {
  const answers: Answers<Map<string, number>> = new Map();
  await atCoordinators(client, coordinators, answers, async (connection, groups) => {
    for (const some of chunks(groups, COMMITS_AT_ONCE))
      await Promise.all(
        some.map(async (group) => {
          const request = requests.get(group);
          if (!request) return;
          try {
            const codes = await connection.request(offsetCommit, request);
            const errors = codes.filter(({ errorCode }) => errorCode !== 0);
            const value = new Map(errors.map((e) => [`${e.topic}-${e.partition}`, e.errorCode]));
            answers.set(group, { value, error: null });
          } catch (error) {
            answers.set(group, failed(asKafkaError(error)));
          }
        }),
      );
  });
  return answers;
}

/** Members of groups; of those that this kind of question knows. */
export async function describedGroups(
  client: ClusterClient,
  coordinators: ReadonlyMap<string, number>,
  type: string | null,
): Promise<Answers<DescribedGroup>> {
  const answers: Answers<DescribedGroup> = new Map();
  await atCoordinators(client, coordinators, answers, async (connection, groups) => {
    for (const some of chunks(groups, GROUPS_A_REQUEST)) {
      const found =
        type === 'consumer'
          ? await connection.request(consumerGroupDescribe, { groups: some })
          : type === 'share'
            ? await connection.request(shareGroupDescribe, { groups: some })
            : type === 'streams' && connection.versionOf(streamsGroupDescribe) !== null
              ? await connection.request(streamsGroupDescribe, { groups: some })
              : await connection.request(describeGroups, { groups: some });
      for (const group of found)
        answers.set(
          group.group,
          group.errorCode === 0 || group.errorCode === ErrorCode.GROUP_ID_NOT_FOUND
            ? { value: group, error: null }
            : failed(new ProtocolError(group.errorCode, connection.where, 'DescribeGroups', group.group)),
        );
    }
  });
  return answers;
}

/**
 * Where share groups begin: all the position that they have, in the words of committed offsets. A group that isn't there begins nowhere.
 * A broker before Kafka 4.1 answers NO_SHARE_OFFSETS for each.
 */
export async function shareGroupStarts(
  client: ClusterClient,
  coordinators: ReadonlyMap<string, number>,
): Promise<Answers<CommittedOffset[]>> {
  const answers: Answers<CommittedOffset[]> = new Map();
  await atCoordinators(client, coordinators, answers, async (connection, groups) => {
    if (connection.versionOf(describeShareGroupOffsets) === null) {
      for (const group of groups) answers.set(group, failed(new NoShareOffsets(connection.where)));
      return;
    }
    for (const some of chunks(groups, GROUPS_A_REQUEST))
      for (const { group, errorCode, offsets } of await connection.request(describeShareGroupOffsets, {
        groups: some,
      }))
        answers.set(
          group,
          errorCode === 0 || errorCode === ErrorCode.GROUP_ID_NOT_FOUND
            ? { value: offsets.flatMap(startOf), error: null }
            : failed(new ProtocolError(errorCode, connection.where, 'DescribeShareGroupOffsets', group)),
        );
  });
  return answers;
}

/**
 * The epoch of each share group: 0 for one that isn't there, 1 for one that was made by setting where it begins, more once somebody has joined.
 * Setting where it begins does not raise it (seen on 4.3.1).
 */
export async function shareGroupEpochs(
  client: ClusterClient,
  coordinators: ReadonlyMap<string, number>,
): Promise<Answers<number>> {
  const answers: Answers<number> = new Map();
  await atCoordinators(client, coordinators, answers, async (connection, groups) => {
    if (connection.versionOf(shareGroupDescribe) === null) {
      for (const group of groups) answers.set(group, failed(new NoShareOffsets(connection.where)));
      return;
    }
    for (const some of chunks(groups, GROUPS_A_REQUEST))
      for (const { group, errorCode, epoch } of await connection.request(shareGroupDescribe, {
        groups: some,
      }))
        answers.set(
          group,
          errorCode === 0 || errorCode === ErrorCode.GROUP_ID_NOT_FOUND
            ? { value: errorCode === 0 ? epoch : 0, error: null }
            : failed(new ProtocolError(errorCode, connection.where, 'ShareGroupDescribe', group)),
        );
  });
  return answers;
}

/** The broker is older than start offsets of share groups (Kafka 4.1). */
export class NoShareOffsets extends KafkaError {
  constructor(where: string) {
    super(`${where} does not tell where share groups begin: that takes Kafka 4.1`, { retriable: false });
  }
}

function startOf(offset: {
  topic: string;
  partition: number;
  errorCode: number;
  start: bigint;
}): CommittedOffset[] {
  const { topic, partition, errorCode, start } = offset;
  // Not begun there yet.
  if (errorCode === 0 && start < 0n) return [];
  return [{ topic, partition, offset: start, leaderEpoch: -1, metadata: '', errorCode }];
}

/** Sets where share groups without members begin. @returns per group the errors by partition, as `topic-partition` → code */
export async function alterShareStarts(
  client: ClusterClient,
  coordinators: ReadonlyMap<string, number>,
  requests: ReadonlyMap<string, AlterShareGroupOffsetsRequest>,
): Promise<Answers<Map<string, number>>> {
  const answers: Answers<Map<string, number>> = new Map();
  await atCoordinators(client, coordinators, answers, async (connection, groups) => {
    for (const group of groups) {
      const request = requests.get(group);
      if (!request) continue;
      if (connection.versionOf(alterShareGroupOffsets) === null) {
        answers.set(group, failed(new NoShareOffsets(connection.where)));
        continue;
      }
      const { errorCode, partitions } = await connection.request(alterShareGroupOffsets, request);
      const asked = request.topics.flatMap(({ topic, partitions: of }) =>
        of.map(({ partition }) => ({ topic, partition, errorCode })),
      );
      // Refused as a whole, or one by one.
      const codes = (errorCode === 0 ? partitions : asked).filter((answer) => answer.errorCode !== 0);
      const value = new Map(codes.map((e) => [`${e.topic}-${e.partition}`, e.errorCode]));
      answers.set(group, { value, error: null });
    }
  });
  return answers;
}

/** What the principal may do with a group, existing or not; null when it may not even see it. */
export async function groupOperations(client: ClusterClient, group: string): Promise<number | null> {
  const found = (await coordinatorsOf(client, [group])).get(group);
  if (found?.error && isRefused(found.error)) return null;
  if (found === undefined || found.error)
    throw found?.error ?? new KafkaError(`no coordinator of ${group}`, { retriable: true });
  const connection = await client.connection(found.value, 'groups');
  const [described] = await connection.request(describeRights, { groups: [group], operations: true });
  if (described?.errorCode === ErrorCode.GROUP_AUTHORIZATION_FAILED) return null;
  return described?.operations ?? 0;
}

/** Each broker on its own: one that doesn't answer fails the groups that it coordinates. */
async function atCoordinators<T>(
  client: ClusterClient,
  coordinators: ReadonlyMap<string, number>,
  answers: Answers<T>,
  ask: (connection: Connection, groups: string[]) => Promise<void>,
): Promise<void> {
  const byBroker = new Map<number, string[]>();
  for (const [group, broker] of coordinators) {
    const groups = byBroker.get(broker);
    if (groups) groups.push(group);
    else byBroker.set(broker, [group]);
  }
  await Promise.all(
    [...byBroker].map(async ([broker, groups]) => {
      try {
        await ask(await client.connection(broker, 'groups'), groups);
      } catch (error) {
        const trouble = failed(asKafkaError(error));
        for (const group of groups) if (!answers.has(group)) answers.set(group, trouble);
      }
    }),
  );
}

function failed(error: KafkaError): { value: null; error: KafkaError } {
  return { value: null, error };
}

function asKafkaError(error: unknown): KafkaError {
  if (error instanceof KafkaError) return error;
  throw error;
}

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
