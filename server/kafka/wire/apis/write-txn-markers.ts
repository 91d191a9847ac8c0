// WriteTxnMarkers (key 27): each entry appends one control batch (one offset, seen by no consumer) to each partition it names. Always acks=all.
// The answers are merged per producer id, so their number says nothing: only the end offset before and after does.
//
// Request v1 => [producer_id (int64) producer_epoch (int16) transaction_result (bool) [name (compact string) [partition_indexes] TAGS] coordinator_epoch (int32) TAGS] TAGS
// Response v1 => [producer_id [name [partition_index error_code TAGS] TAGS] TAGS] TAGS
import type { Api } from '../api';

export type TxnMarker = {
  producerId: bigint;
  producerEpoch: number;
  commit: boolean;
  coordinatorEpoch: number;
  topics: { topic: string; partitions: number[] }[];
};
export type MarkerAnswer = { producerId: bigint; topic: string; partition: number; errorCode: number };

export const writeTxnMarkers: Api<{ markers: TxnMarker[] }, MarkerAnswer[]> = {
  key: 27,
  name: 'WriteTxnMarkers',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 1,
  throttle: null,
  encode(w, request) {
    w.compactArray(request.markers, (marker) => {
      w.int64(marker.producerId).int16(marker.producerEpoch).bool(marker.commit);
      w.compactArray(marker.topics, (t) => {
        w.compactString(t.topic).compactArray(t.partitions, (p) => w.int32(p));
        w.tags();
      });
      w.int32(marker.coordinatorEpoch).tags();
    });
    w.tags();
  },
  decode(r) {
    const answers: MarkerAnswer[] = [];
    r.compactArray(() => {
      const producerId = r.int64();
      r.compactArray(() => {
        const topic = r.compactString();
        r.compactArray(() => {
          answers.push({ producerId, topic, partition: r.int32(), errorCode: r.int16() });
          r.tags();
        });
        r.tags();
      });
      r.tags();
    });
    r.tags();
    return answers;
  },
};
