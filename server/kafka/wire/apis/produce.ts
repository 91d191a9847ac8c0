// Produce (key 0): one batch per partition, as it will stand in the log.
//
// Request v8 => transactional_id (nullable string) acks (int16) timeout_ms (int32) [name (string) [index (int32) records (bytes)]]
// Response v8 => [name [index error_code base_offset log_append_time_ms log_start_offset [batch_index batch_index_error_message] error_message]] throttle_time_ms
import type { Api } from '../api';

export type ProduceTopic = { topic: string; partitions: { partition: number; records: Buffer }[] };
export type ProduceRequest = { acks: number; timeoutMs: number; topics: ProduceTopic[] };
export type ProducedPartition = {
  topic: string;
  partition: number;
  errorCode: number;
  errorMessage: string | null;
  /** −1 when the batch was refused. */
  baseOffset: bigint;
  /** The time that the broker gave all records in place of their own; −1 when they kept theirs. A repeat is answered with the batch's max timestamp. */
  logAppendTime: bigint;
  logStartOffset: bigint;
};

export const produce: Api<ProduceRequest, ProducedPartition[]> = {
  key: 0,
  name: 'Produce',
  minVersion: 8,
  maxVersion: 8,
  flexibleFrom: 9,
  throttle: 'last',
  encode(w, request) {
    w.nullableString(null).int16(request.acks).int32(request.timeoutMs);
    w.array(request.topics, (topic) =>
      w
        .string(topic.topic)
        .array(topic.partitions, (p) => w.int32(p.partition).int32(p.records.length).attach(p.records)),
    );
  },
  decode(r) {
    const answers: ProducedPartition[] = [];
    r.each(() => {
      const topic = r.string();
      r.each(() => {
        const partition = r.int32();
        const errorCode = r.int16();
        const baseOffset = r.int64();
        const [high, low] = [r.int32(), r.int32()];
        const logAppendTime = high === -1 ? -1n : (BigInt(high) << 32n) | BigInt(low >>> 0);
        const logStartOffset = r.int64();
        let recordError: string | null = null;
        r.each(() => {
          r.int32();
          recordError ??= r.nullableString();
        });
        const errorMessage = r.nullableString() ?? recordError;
        answers.push({
          topic,
          partition,
          errorCode,
          errorMessage,
          baseOffset,
          logAppendTime,
          logStartOffset,
        });
      });
    });
    r.int32();
    return answers;
  },
};
