// InitProducerId (22), FindCoordinator (10), DescribeTransactions (65): the link's identity as a producer, and who holds its newest epoch.
//
// InitProducerId v2 Request => transactional_id (compact nullable string) transaction_timeout_ms (int32) TAGS; Response => throttle_time_ms error_code producer_id (int64) producer_epoch (int16) TAGS
// FindCoordinator v2 Request => key (string) key_type (int8); Response => throttle_time_ms error_code error_message (nullable string) node_id host port
// DescribeTransactions v0 Request => [transactional_id] TAGS; Response => throttle_time_ms [error_code transactional_id state timeout_ms start_time_ms producer_id producer_epoch [topic [partition] TAGS] TAGS] TAGS
import type { Api } from '../api';

export const initProducerId: Api<
  { transactionalId: string | null; transactionTimeoutMs: number },
  { errorCode: number; producerId: bigint; producerEpoch: number }
> = {
  key: 22,
  name: 'InitProducerId',
  minVersion: 2,
  maxVersion: 2,
  flexibleFrom: 2,
  throttle: 'first',
  encode: (w, request) =>
    void w.compactNullableString(request.transactionalId).int32(request.transactionTimeoutMs).tags(),
  decode(r) {
    r.int32();
    const response = { errorCode: r.int16(), producerId: r.int64(), producerEpoch: r.int16() };
    r.tags();
    return response;
  },
};

export const COORDINATOR_TRANSACTION = 1;
export const findCoordinator: Api<
  { key: string; keyType: number },
  { errorCode: number; errorMessage: string | null; nodeId: number }
> = {
  key: 10,
  name: 'FindCoordinator',
  minVersion: 2,
  maxVersion: 2,
  flexibleFrom: 3,
  throttle: 'first',
  encode: (w, request) => void w.string(request.key).int8(request.keyType),
  decode(r) {
    r.int32();
    const response = { errorCode: r.int16(), errorMessage: r.nullableString(), nodeId: r.int32() };
    r.string();
    r.int32();
    return response;
  },
};

export type DescribedTransaction = {
  errorCode: number;
  transactionalId: string;
  state: string;
  /** As the last InitProducerId asked for it. */
  timeoutMs: number;
  /** −1 where none has begun. */
  startedMs: bigint;
  producerId: bigint;
  producerEpoch: number;
  /** That were added to the open transaction, whether anything was written there or not. */
  topics: { topic: string; partitions: number[] }[];
};

export const describeTransactions: Api<{ transactionalIds: string[] }, DescribedTransaction[]> = {
  key: 65,
  name: 'DescribeTransactions',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  throttle: 'first',
  encode: (w, request) => void w.compactArray(request.transactionalIds, (id) => w.compactString(id)).tags(),
  decode(r) {
    r.int32();
    const transactions = r.compactArray(() => {
      const errorCode = r.int16();
      const transactionalId = r.compactString();
      const state = r.compactString();
      const timeoutMs = r.int32();
      const described = {
        errorCode,
        transactionalId,
        state,
        timeoutMs,
        startedMs: r.int64(),
        producerId: r.int64(),
        producerEpoch: r.int16(),
      };
      const topics = r.compactArray(() => {
        const added = { topic: r.compactString(), partitions: r.compactArray(() => r.int32()) };
        r.tags();
        return added;
      });
      r.tags();
      return { ...described, topics };
    });
    r.tags();
    return transactions;
  },
};
