// The groups that one broker coordinates: which there are, what they have committed, and who is in them. Asked on connections of their own.

import type { Api } from '@/server/kafka/wire/api';
import { consumerGroupDescribe } from '@/server/kafka/wire/apis/consumer-group-describe';
import { type DescribedGroup, describeGroups } from '@/server/kafka/wire/apis/describe-groups';
import { describeShareGroupOffsets } from '@/server/kafka/wire/apis/describe-share-group-offsets';
import { groupCommits, type TopicCommits } from '@/server/kafka/wire/apis/group-commits';
import { type ListedGroup, listGroups } from '@/server/kafka/wire/apis/list-groups';
import { OFFSET_FETCH_BATCHED_FROM } from '@/server/kafka/wire/apis/offset-fetch';
import { shareGroupDescribe } from '@/server/kafka/wire/apis/share-group-describe';
import { streamsGroupDescribe } from '@/server/kafka/wire/apis/streams-group-describe';
import type { Connection } from '@/server/kafka/wire/connection';
import { ErrorCode } from '@/server/kafka/wire/errors';
import { groupsARequest, requestTimeoutMs } from './limits';

/** Groups of other programs' own protocols (connect, schema registries) read nothing. */
const CONSUMERS = new Set(['consumer', 'share', 'streams', '']);
export const SHARE_OFFSETS_TAKE = 'Where share groups begin takes Kafka 4.1 to be told';

export type ListedGroups = { errorCode: number; groups: ListedGroup[] };
/** Null: not told by this release; a number: the error. */
export type Told<T> = Map<string, T | number | null>;

export async function askGroups(connection: Connection): Promise<ListedGroups> {
  const { errorCode, groups } = await connection.request(listGroups, {}, { timeoutMs: requestTimeoutMs });
  return { errorCode, groups: groups.filter(({ protocolType }) => CONSUMERS.has(protocolType)) };
}

export async function askCommits(
  connection: Connection,
  groups: readonly ListedGroup[],
): Promise<Told<TopicCommits[]>> {
  const told: Told<TopicCommits[]> = new Map();
  const batched = (connection.versionOf(groupCommits) ?? 0) >= OFFSET_FETCH_BATCHED_FROM;
  const names = groups.filter(({ type }) => type !== 'share').map(({ group }) => group);
  for (const some of chunks(names, batched ? groupsARequest : 1)) {
    const answers = await connection.request(groupCommits, { groups: some }, { timeoutMs: requestTimeoutMs });
    for (const { group, errorCode, topics } of answers)
      told.set(group ?? (some[0] as string), isFault(errorCode) ? errorCode : topics);
  }
  await askShareStarts(connection, groups, told);
  return told;
}

/** Share groups have no commits: where they begin is all the position that they have. */
async function askShareStarts(
  connection: Connection,
  groups: readonly ListedGroup[],
  told: Told<TopicCommits[]>,
): Promise<void> {
  const names = groups.filter(({ type }) => type === 'share').map(({ group }) => group);
  if (names.length > 0 && connection.versionOf(describeShareGroupOffsets) === null) {
    for (const name of names) told.set(name, null);
    return;
  }
  for (const some of chunks(names, groupsARequest)) {
    const request = { groups: some };
    const answers = await connection.request(describeShareGroupOffsets, request, {
      timeoutMs: requestTimeoutMs,
    });
    for (const { group, errorCode, offsets } of answers) {
      const topics = new Map<string, { topic: string; partitions: number[]; offsets: bigint[] }>();
      for (const { topic, partition, errorCode: fault, start } of offsets) {
        if (fault !== 0 || start < 0n) continue;
        const commits = topics.get(topic) ?? { topic, partitions: [], offsets: [] };
        commits.partitions.push(partition);
        commits.offsets.push(start);
        topics.set(topic, commits);
      }
      told.set(group, isFault(errorCode) ? errorCode : [...topics.values()]);
    }
  }
}

/** By the type of a group; classic ones by DescribeGroups. */
const described: Partial<Record<string, Api<{ groups: readonly string[] }, DescribedGroup[]>>> = {
  consumer: consumerGroupDescribe,
  share: shareGroupDescribe,
  streams: streamsGroupDescribe,
};

/** Members, of groups that have some: for the others it is known that they have none. */
export async function askMembers(
  connection: Connection,
  groups: readonly ListedGroup[],
): Promise<Told<DescribedGroup>> {
  const told: Told<DescribedGroup> = new Map();
  for (const [type, names] of byType(groups)) {
    const api = described[type] ?? describeGroups;
    if (connection.versionOf(api) === null) {
      for (const name of names) told.set(name, null);
      continue;
    }
    for (const some of chunks(names, groupsARequest)) {
      const found = await connection.request(api, { groups: some }, { timeoutMs: requestTimeoutMs });
      for (const group of found) told.set(group.group, isFault(group.errorCode) ? group.errorCode : group);
    }
  }
  return told;
}

function byType(groups: readonly ListedGroup[]): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const { group, type } of groups) {
    const names = types.get(type ?? 'classic');
    if (names) names.push(group);
    else types.set(type ?? 'classic', [group]);
  }
  return types;
}

/** A group may go between two questions. */
const isFault = (code: number): boolean => code !== 0 && code !== ErrorCode.GROUP_ID_NOT_FOUND;

function* chunks<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
