// What the verbs on mirrors share: which mirrors are meant, and the answer with one row per topic.
import type { z } from 'zod';
import type { restAlteredMirrors, restAlterMirrors } from '@/lib/contracts/kafka-rest';
import type { CatalogLink } from '@/server/control/catalog';
import { chosenMirrors } from '@/server/control/chosen-mirrors';
import { type ErrorCode, errorStatus, LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';
import { restErrorCode } from './dialect';
import { linkUrl, mirrorLags, resourceName } from './shapes';

type Altered = z.infer<typeof restAlteredMirrors>;

/** @throws LandbridgeError INVALID_REQUEST */
export function chosenBy(
  link: { mirrors: { keys(): Iterable<string> } },
  body: z.infer<typeof restAlterMirrors>,
): string[] {
  const { mirror_topic_names: names, mirror_topic_name_pattern: pattern } = body;
  if (names && pattern !== undefined)
    throw invalid('Give mirror_topic_names or mirror_topic_name_pattern, not both.');
  if (!names && pattern === undefined) throw invalid('Give mirror_topic_names or mirror_topic_name_pattern.');
  return chosenMirrors(link, { names, pattern }, 'mirror_topic_name_pattern');
}

/** @param errorOf why nothing was done with a topic; it does not keep the others from it */
export function alteredMirrors(
  runtime: Runtime,
  link: CatalogLink,
  baseUrl: string,
  topics: readonly string[],
  errorOf: (topic: string) => LandbridgeError | null,
  truncatedOf: (topic: string) => Altered['data'][number]['partition_level_truncation_data'] = () => [],
): Altered {
  const clusterId = link.destinationClusterId;
  const self = `${linkUrl(baseUrl, clusterId, link.name)}/mirrors`;
  return {
    kind: 'KafkaPromoteMirror',
    metadata: { self, next: null, resource_name: resourceName(clusterId) },
    data: topics.map((topic) => {
      const error = errorOf(topic);
      return {
        kind: 'AlterMirrorsData',
        metadata: { self: `${self}/${encodeURIComponent(topic)}`, resource_name: resourceName(clusterId) },
        mirror_topic_name: topic,
        error_code: error ? restErrorCode(error) : null,
        error_message: error?.message ?? null,
        mirror_lags: mirrorLags(runtime.metrics.frame, link.id, topic),
        messages_truncated: null,
        partition_level_truncation_data: truncatedOf(topic),
      };
    }),
  };
}

/** Why nothing was done with a mirror, from the row that /api has of it. */
export function errorOfRow(row: {
  ok: boolean;
  code: string | null;
  message: string;
}): LandbridgeError | null {
  if (row.ok) return null;
  return new LandbridgeError(isCode(row.code) ? row.code : 'INTERNAL', row.message);
}

const isCode = (code: string | null): code is ErrorCode => code !== null && code in errorStatus;

const invalid = (message: string) => new LandbridgeError('INVALID_REQUEST', message);
