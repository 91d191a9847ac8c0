// EndTxn (key 26): commits or aborts the open transaction. The answer comes when that is decided; the markers are written behind it, by the coordinator.
//
// Request v1 => transactional_id (string) producer_id (int64) producer_epoch (int16) committed (bool)
// Response v1 => throttle_time_ms error_code
import type { Api } from '../api';

export type EndTxnRequest = {
  transactionalId: string;
  producerId: bigint;
  producerEpoch: number;
  commit: boolean;
};

export const endTxn: Api<EndTxnRequest, { errorCode: number }> = {
  key: 26,
  name: 'EndTxn',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 3,
  throttle: 'first',
  encode: (w, request) =>
    void w
      .string(request.transactionalId)
      .int64(request.producerId)
      .int16(request.producerEpoch)
      .bool(request.commit),
  decode(r) {
    r.int32();
    return { errorCode: r.int16() };
  },
};
