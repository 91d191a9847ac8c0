// DescribeConfigs (key 32): configs of topics, with where each value comes from. Any broker tells them of any topic.
//
// Request v4 => [resource_type (int8) resource_name (compact string) [configuration_key (compact string)] | null for all TAGS] include_synonyms (bool)
//   include_documentation (bool) TAGS
// Response v4 => throttle_time_ms [error_code error_message (compact nullable string) resource_type resource_name
//   [name value (compact nullable string) read_only (bool) config_source (int8) is_sensitive (bool) [name value source TAGS] config_type (int8)
//    documentation (compact nullable string) TAGS] TAGS] TAGS
import type { Api } from '../api';

export const RESOURCE_TOPIC = 2;

export type DescribedConfig = {
  name: string;
  /** Null: it is sensitive, or not set. */
  value: string | null;
  /** As DescribeConfigsResponse.ConfigSource numbers them: 1 of the topic itself … 5 default. */
  source: number;
};
export type DescribedConfigs = {
  errorCode: number;
  errorMessage: string | null;
  topic: string;
  configs: DescribedConfig[];
};

/** `keys` null asks for all. */
export const describeTopicConfigs: Api<
  { topics: readonly string[]; keys: readonly string[] | null },
  DescribedConfigs[]
> = {
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 4,
  maxVersion: 4,
  flexibleFrom: 4,
  throttle: 'first',
  encode(w, { topics, keys }) {
    w.compactArray(topics, (topic) => {
      w.int8(RESOURCE_TOPIC).compactString(topic);
      if (keys === null) w.uvarint(0);
      else w.compactArray(keys, (key) => w.compactString(key));
      w.tags();
    });
    w.bool(false).bool(false).tags();
  },
  decode(r) {
    r.int32();
    const described = r.compactArray(() => {
      const errorCode = r.int16();
      const errorMessage = r.compactNullableString();
      r.int8();
      const topic = r.compactString();
      const configs = r.compactArray(() => {
        const name = r.compactString();
        const value = r.compactNullableString();
        r.bool();
        const source = r.int8();
        r.bool();
        r.compactArray(() => {
          r.compactString();
          r.compactNullableString();
          r.int8();
          r.tags();
        });
        r.int8();
        r.compactNullableString();
        r.tags();
        return { name, value, source };
      });
      r.tags();
      return { errorCode, errorMessage, topic, configs };
    });
    r.tags();
    return described;
  },
};
