// StreamsGroupDescribe (key 89, KIP-1071): members of groups of Kafka Streams that the broker assigns tasks to.
//
// Request v0 => [group_ids (compact string)] include_authorized_operations (bool) TAGS
// Response v0 => throttle_time_ms [error_code error_message group_id group_state group_epoch (int32) assignment_epoch (int32) topology
//   [member_id member_epoch (int32) instance_id rack_id client_id client_host topology_epoch (int32) process_id user_endpoint
//    [client_tag: key value TAGS] task_offsets task_end_offsets assignment target_assignment is_classic (bool) TAGS] authorized_operations (int32) TAGS] TAGS
// topology => -1 (int8), or 1 epoch (int32) [subtopology_id [source_topic] [repartition_sink_topic] [changelog: topic_info]
//   [repartition_source: topic_info] TAGS] TAGS
// topic_info => name partitions (int32) replication_factor (int16) [key value TAGS] TAGS
// user_endpoint => -1 (int8), or 1 host port (uint16) TAGS
// task_offsets => [subtopology_id partition (int32) offset (int64) TAGS]
// assignment => [active: task_ids] [standby: task_ids] [warm-up: task_ids] TAGS, where task_ids => subtopology_id [partitions (int32)] TAGS
import type { Api } from '../api';
import type { AssignedTopic } from '../consumer-protocol';
import type { Reader } from '../reader';
import { type DescribedGroup, OPERATIONS_UNKNOWN } from './describe-groups';

type Tasks = { subtopology: string; partitions: number[] };

export const streamsGroupDescribe: Api<{ groups: readonly string[] }, DescribedGroup[]> = {
  key: 89,
  name: 'StreamsGroupDescribe',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  throttle: 'first',
  encode: (w, { groups }) =>
    void w
      .compactArray(groups, (group) => w.compactString(group))
      .bool(false)
      .tags(),
  decode(r) {
    r.int32();
    const groups = r.compactArray(() => readGroup(r));
    r.tags();
    return groups;
  },
};

function readGroup(r: Reader): DescribedGroup {
  const errorCode = r.int16();
  r.compactNullableString();
  const group = r.compactString();
  const state = r.compactString();
  r.int32();
  r.int32();
  const sources = readTopology(r);
  const members = r.compactArray(() => {
    const memberId = r.compactString();
    r.int32();
    const instanceId = r.compactNullableString();
    r.compactNullableString();
    const client = { clientId: r.compactString(), clientHost: r.compactString() };
    r.int32();
    r.compactString();
    if (r.int8() >= 0) {
      r.compactString();
      r.int16();
      r.tags();
    }
    readPairs(r);
    readTaskOffsets(r);
    readTaskOffsets(r);
    const active = readAssignment(r);
    readAssignment(r);
    r.bool();
    r.tags();
    return { memberId, instanceId, ...client, assignment: topicsOf(active, sources) };
  });
  const bits = r.int32();
  r.tags();
  return { errorCode, group, state, members, operations: bits === OPERATIONS_UNKNOWN ? null : bits };
}

/** @returns subtopology → topics that it reads, those that it has made for itself among them; null: it is not initialised yet */
function readTopology(r: Reader): Map<string, string[]> | null {
  if (r.int8() < 0) return null;
  r.int32();
  const sources = new Map<string, string[]>();
  r.compactArray(() => {
    const id = r.compactString();
    const topics = r.compactArray(() => r.compactString());
    r.compactArray(() => r.compactString());
    readTopicInfos(r);
    sources.set(id, [...topics, ...readTopicInfos(r)]);
    r.tags();
  });
  r.tags();
  return sources;
}

function readTopicInfos(r: Reader): string[] {
  return r.compactArray(() => {
    const name = r.compactString();
    r.int32();
    r.int16();
    readPairs(r);
    r.tags();
    return name;
  });
}

function readPairs(r: Reader): void {
  r.compactArray(() => {
    r.compactString();
    r.compactString();
    r.tags();
  });
}

function readTaskOffsets(r: Reader): void {
  r.compactArray(() => {
    r.compactString();
    r.int32();
    r.int64();
    r.tags();
  });
}

/** @returns active tasks */
function readAssignment(r: Reader): Tasks[] {
  const [active = []] = [readTasks(r), readTasks(r), readTasks(r)];
  r.tags();
  return active;
}

const readTasks = (r: Reader): Tasks[] =>
  r.compactArray(() => {
    const tasks = { subtopology: r.compactString(), partitions: r.compactArray(() => r.int32()) };
    r.tags();
    return tasks;
  });

/** Task n of a subtopology reads partition n of each of its source topics. Null: which topics those are is not told. */
function topicsOf(tasks: readonly Tasks[], sources: Map<string, string[]> | null): AssignedTopic[] | null {
  if (sources === null) return tasks.length === 0 ? [] : null;
  const assigned = new Map<string, number[]>();
  for (const { subtopology, partitions } of tasks)
    for (const topic of sources.get(subtopology) ?? [])
      assigned.set(topic, [...(assigned.get(topic) ?? []), ...partitions]);
  return [...assigned].map(([topic, partitions]) => ({
    topic,
    partitions: partitions.sort((a, b) => a - b),
  }));
}
