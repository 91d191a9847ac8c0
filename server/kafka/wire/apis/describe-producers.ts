// DescribeProducers (key 61): the producers that a partition's leader remembers, with epoch and last sequence.
//
// Request v0 => [name (compact string) [partition_indexes (int32)] TAGS] TAGS
// Response v0 => throttle_time_ms [name [partition_index error_code error_message [producer_id (int64) producer_epoch (int32) last_sequence (int32) last_timestamp (int64) coordinator_epoch (int32) current_txn_start_offset (int64) TAGS] TAGS] TAGS] TAGS
import type { Api } from '../api';

export type ActiveProducer = {
  producerId: bigint;
  producerEpoch: number;
  /** −1 after a marker has raised the epoch. */
  lastSequence: number;
  lastTimestamp: bigint;
  /** Of whoever wrote its last marker; −1 before the first. */
  coordinatorEpoch: number;
  /** −1 without an open transaction. */
  currentTxnStartOffset: bigint;
};
export type PartitionProducers = {
  topic: string;
  partition: number;
  errorCode: number;
  errorMessage: string | null;
  producers: ActiveProducer[];
};

export const describeProducers: Api<
  { topics: { topic: string; partitions: number[] }[] },
  PartitionProducers[]
> = {
  key: 61,
  name: 'DescribeProducers',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  throttle: 'first',
  encode(w, request) {
    w.compactArray(request.topics, (t) => {
      w.compactString(t.topic).compactArray(t.partitions, (p) => w.int32(p));
      w.tags();
    });
    w.tags();
  },
  decode(r) {
    r.int32();
    const answers: PartitionProducers[] = [];
    r.compactArray(() => {
      const topic = r.compactString();
      r.compactArray(() => {
        const partition = r.int32();
        const errorCode = r.int16();
        const errorMessage = r.compactNullableString();
        const producers = r.compactArray(() => {
          const producerId = r.int64();
          const producerEpoch = r.int32();
          const lastSequence = r.int32();
          const lastTimestamp = r.int64();
          const coordinatorEpoch = r.int32();
          const currentTxnStartOffset = r.int64();
          r.tags();
          return {
            producerId,
            producerEpoch,
            lastSequence,
            lastTimestamp,
            coordinatorEpoch,
            currentTxnStartOffset,
          };
        });
        r.tags();
        answers.push({ topic, partition, errorCode, errorMessage, producers });
      });
      r.tags();
    });
    r.tags();
    return answers;
  },
};
