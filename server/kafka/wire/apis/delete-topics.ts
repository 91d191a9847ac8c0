// DeleteTopics (key 20): by id (KIP-516), so that a topic of the same name that somebody has created meanwhile stays.
//
// Request v6 => [name (compact nullable string) topic_id (uuid) TAGS] timeout_ms (int32) TAGS
// Response v6 => throttle_time_ms [name (compact nullable string) topic_id error_code error_message (compact nullable string) TAGS] TAGS
import type { Api } from '../api';

export type DeletedTopic = {
  topic: string | null;
  topicId: string;
  errorCode: number;
  errorMessage: string | null;
};

export const deleteTopics: Api<{ topicIds: string[]; timeoutMs: number }, DeletedTopic[]> = {
  key: 20,
  name: 'DeleteTopics',
  minVersion: 6,
  maxVersion: 6,
  flexibleFrom: 4,
  throttle: 'first',
  encode(w, request) {
    w.compactArray(request.topicIds, (id) => w.compactNullableString(null).uuid(id).tags());
    w.int32(request.timeoutMs).tags();
  },
  decode(r) {
    r.int32();
    const answers = r.compactArray(() => {
      const topic = r.compactNullableString();
      const topicId = r.uuid();
      const answer = { topic, topicId, errorCode: r.int16(), errorMessage: r.compactNullableString() };
      r.tags();
      return answer;
    });
    r.tags();
    return answers;
  },
};
