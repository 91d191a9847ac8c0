// AddPartitionsToTxn (key 24): opens a transaction, or adds partitions to the open one. When it ends, each of them gets one marker, also without any data.
// All or nothing: where one partition is refused, the others are answered with OPERATION_NOT_ATTEMPTED.
//
// Request v1 => transactional_id (string) producer_id (int64) producer_epoch (int16) [name (string) [partition_index (int32)]]
// Response v1 => throttle_time_ms [name [partition_index error_code]]
import type { Api } from '../api';

export type AddPartitionsRequest = {
  transactionalId: string;
  producerId: bigint;
  producerEpoch: number;
  topics: { topic: string; partitions: number[] }[];
};
export type AddedPartition = { topic: string; partition: number; errorCode: number };

export const addPartitionsToTxn: Api<AddPartitionsRequest, AddedPartition[]> = {
  key: 24,
  name: 'AddPartitionsToTxn',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 3,
  throttle: 'first',
  encode(w, request) {
    w.string(request.transactionalId).int64(request.producerId).int16(request.producerEpoch);
    w.array(request.topics, (t) => w.string(t.topic).array(t.partitions, (p) => w.int32(p)));
  },
  decode(r) {
    r.int32();
    const added: AddedPartition[] = [];
    r.array(() => {
      const topic = r.string();
      return r.array(() => added.push({ topic, partition: r.int32(), errorCode: r.int16() }));
    });
    return added;
  },
};
