// IncrementalAlterConfigs (key 44): sets single topic configs and leaves all others alone (kafkajs only has the older call, which resets them).
//
// Request v1 => [resource_type (int8) resource_name (compact string) [name (compact string) config_operation (int8) value (compact nullable string) TAGS] TAGS] validate_only (bool) TAGS
// Response v1 => throttle_time_ms [error_code error_message (compact nullable string) resource_type resource_name TAGS] TAGS
import type { Api } from '../api';

const RESOURCE_TOPIC = 2;
const SET = 0;
const DELETE = 1;

export type AlteredConfig = { errorCode: number; errorMessage: string | null; topic: string };

/** A null value resets the config to the broker's default. */
export const alterTopicConfigs: Api<
  { topics: { topic: string; configs: Record<string, string | null> }[]; validateOnly: boolean },
  AlteredConfig[]
> = {
  key: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 1,
  maxVersion: 1,
  flexibleFrom: 1,
  throttle: 'first',
  encode(w, request) {
    w.compactArray(request.topics, (t) => {
      w.int8(RESOURCE_TOPIC).compactString(t.topic);
      w.compactArray(Object.entries(t.configs), ([name, value]) =>
        w
          .compactString(name)
          .int8(value === null ? DELETE : SET)
          .compactNullableString(value)
          .tags(),
      );
      w.tags();
    });
    w.bool(request.validateOnly).tags();
  },
  decode(r) {
    r.int32();
    const answers = r.compactArray(() => {
      const errorCode = r.int16();
      const errorMessage = r.compactNullableString();
      r.int8();
      const topic = r.compactString();
      r.tags();
      return { errorCode, errorMessage, topic };
    });
    r.tags();
    return answers;
  },
};
