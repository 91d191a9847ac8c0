// ApiVersions (key 18): which APIs and versions a broker speaks.
//
// Request v3 => client_software_name (compact string) client_software_version (compact string) TAGS
// Response v3 => error_code (int16) [api_key (int16) min_version (int16) max_version (int16) TAGS] throttle_time_ms (int32)
//   TAGS{0: supported_features [name (compact string) min_version (int16) max_version (int16) TAGS], 1: finalized_features_epoch (int64),
//     2: finalized_features [name (compact string) max_version_level (int16) min_version_level (int16) TAGS]}
// v4 is the same; v3 leaves out supported features that begin at 0.
// The answer to an unsupported version is a v0 response with error 35; response headers are always v0.
import type { Api } from '../api';

export type ApiRange = { key: number; min: number; max: number };
export type SupportedFeature = { name: string; min: number; max: number };
export type ApiVersionsResponse = {
  errorCode: number;
  apis: ApiRange[];
  /** Highest metadata.version the software supports: tells the release of a KRaft broker. Null where it isn't told. */
  metadataVersion: number | null;
  supportedFeatures: SupportedFeature[];
  /** In force in the whole cluster, as far as the broker knows. */
  finalizedFeatures: { name: string; level: number }[];
};

export const apiVersions: Api<{ clientName: string; clientVersion: string }, ApiVersionsResponse> = {
  key: 18,
  name: 'ApiVersions',
  minVersion: 0,
  maxVersion: 4,
  flexibleFrom: 3,
  throttle: null,
  encode(w, request, version) {
    if (version >= 3) w.compactString(request.clientName).compactString(request.clientVersion).tags();
  },
  decode(r, version) {
    const errorCode = r.int16();
    const item = () => {
      const range = { key: r.int16(), min: r.int16(), max: r.int16() };
      if (version >= 3) r.tags();
      return range;
    };
    // A broker that doesn't know version 3 answers in version 0.
    const apis = version >= 3 && errorCode === 0 ? r.compactArray(item) : version >= 3 ? [] : r.array(item);
    const supportedFeatures: SupportedFeature[] = [];
    const finalizedFeatures: { name: string; level: number }[] = [];
    if (version >= 3 && errorCode === 0) {
      r.int32();
      r.taggedFields((tag, field) => {
        if (tag !== 0 && tag !== 2) return;
        field.compactArray(() => {
          const name = field.compactString();
          const [first, second] = [field.int16(), field.int16()];
          field.tags();
          if (tag === 0) supportedFeatures.push({ name, min: first, max: second });
          else finalizedFeatures.push({ name, level: first });
        });
      });
    }
    const metadataVersion = supportedFeatures.find(({ name }) => name === 'metadata.version')?.max ?? null;
    return { errorCode, apis, metadataVersion, supportedFeatures, finalizedFeatures };
  },
};
