// Which Kafka release a broker runs, from what it says of itself in ApiVersions. A guess of the release line, for people; nothing depends on it.
import type { ApiRange } from './wire/apis/api-versions';

/** Highest supported metadata.version by release (org.apache.kafka.server.common.MetadataVersion), newest first. */
const BY_METADATA_VERSION: readonly (readonly [number, string])[] = [
  [30, '4.3'],
  [28, '4.2'],
  [26, '4.1'],
  [22, '4.0'],
  [21, '3.9'],
  [20, '3.8'],
  [15, '3.7'],
  [12, '3.6'],
  [9, '3.5'],
  [8, '3.4'],
  [4, '3.3'],
  [3, '3.2'],
  [2, '3.1'],
  [1, '3.0'],
];
const FETCH = 1;
/** ZooKeeper brokers don't tell a metadata.version: highest Fetch version by release. */
const BY_FETCH: readonly (readonly [number, string])[] = [
  [17, '3.9'],
  [16, '3.7'],
  [15, '3.5'],
  [13, '3.1'],
  [12, '2.7'],
];

/** "4.1", or "3.1 or newer" where several releases look the same; null when it can't be told. */
export function kafkaVersionOf(apis: readonly ApiRange[], metadataVersion: number | null): string | null {
  if (metadataVersion !== null) return releaseOf(metadataVersion);
  const fetch = apis.find((api) => api.key === FETCH);
  const release = fetch && BY_FETCH.find(([version]) => fetch.max >= version)?.[1];
  return release ? `${release} or newer` : null;
}

/** The release line whose brokers know this metadata.version and no later one; null before Kafka 3.0. */
export function releaseOf(metadataVersion: number): string | null {
  return BY_METADATA_VERSION.find(([level]) => metadataVersion >= level)?.[1] ?? null;
}
