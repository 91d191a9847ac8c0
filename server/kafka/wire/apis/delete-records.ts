// DeleteRecords (key 21): moves a partition's log start; at most up to its high watermark.
//
// Request v1 => [name (string) [partition_index (int32) offset (int64)]] timeout_ms (int32)
// Response v1 => throttle_time_ms [name [partition_index low_watermark (int64) error_code]]
import type { Api } from '../api';

export type DeletedRecords = { topic: string; partition: number; lowWatermark: bigint; errorCode: number };

export const deleteRecords: Api<
  { topics: { topic: string; partitions: { partition: number; offset: bigint }[] }[]; timeoutMs: number },
  DeletedRecords[]
> = {
  key: 21,
  name: 'DeleteRecords',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 2,
  throttle: 'first',
  encode(w, request) {
    w.array(request.topics, (t) =>
      w.string(t.topic).array(t.partitions, (p) => w.int32(p.partition).int64(p.offset)),
    );
    w.int32(request.timeoutMs);
  },
  decode(r) {
    r.int32();
    const answers: DeletedRecords[] = [];
    r.array(() => {
      const topic = r.string();
      return r.array(() => {
        const partition = r.int32();
        answers.push({ topic, partition, lowWatermark: r.int64(), errorCode: r.int16() });
      });
    });
    return answers;
  },
};
