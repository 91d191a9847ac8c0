// ListTransactions (key 66): the transactions that one broker coordinates, of those whose transactional id the principal may describe.
// Others are left out without a word: an empty list can be a missing right.
//
// Request v0 => [state_filters (compact string)] [producer_id_filters (int64)] TAGS
// Response v0 => throttle_time_ms error_code [unknown_state_filters (compact string)] [transactional_id (compact string) producer_id (int64) transaction_state (compact string) TAGS] TAGS
import type { Api } from '../api';

export type ListedTransaction = { transactionalId: string; producerId: bigint; state: string };

export const listTransactions: Api<
  { states: string[] },
  { errorCode: number; transactions: ListedTransaction[] }
> = {
  key: 66,
  name: 'ListTransactions',
  minVersion: 0,
  maxVersion: 0,
  flexibleFrom: 0,
  throttle: 'first',
  encode(w, { states }) {
    w.compactArray(states, (state) => w.compactString(state)).compactArray([], () => {});
    w.tags();
  },
  decode(r) {
    r.int32();
    const errorCode = r.int16();
    r.compactArray(() => r.compactString());
    const transactions = r.compactArray(() => {
      const transactionalId = r.compactString();
      const producerId = r.int64();
      const state = r.compactString();
      r.tags();
      return { transactionalId, producerId, state };
    });
    r.tags();
    return { errorCode, transactions };
  },
};
