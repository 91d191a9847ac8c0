// mirrors:pause and mirrors:resume, one row per topic; the other verbs of Confluent's API say what to do instead.
import { RE2JS } from 're2js';
import type { z } from 'zod';
import { restAlteredMirrors, restAlterMirrors } from '@/lib/contracts/kafka-rest';
import { authorise } from '@/server/access/authorise';
import type { CatalogLink } from '@/server/control/catalog';
import { linkTarget } from '@/server/control/visible';
import { LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';
import { restErrorCode, restRoute } from './dialect';
import { linkParams, requireLink, validateOnly } from './find';
import { linkUrl, mirrorLags, resourceName } from './shapes';

/** Kafka's longest topic name; a pattern that is longer says nothing more. */
const PATTERN_AT_MOST = 249;

type Altered = z.infer<typeof restAlteredMirrors>;

export const pauseRestMirrors = pausing(true);
export const resumeRestMirrors = pausing(false);

/** @param why what is missing and what can be done instead */
export const notThere = (verb: string, why: string) =>
  restRoute({
    access: 'approver',
    params: linkParams,
    response: null,
    handler: ({ runtime, actor, params }) => {
      const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
      authorise(actor, 'approver', linkTarget(link));
      throw new LandbridgeError('NOT_IMPLEMENTED', `mirrors:${verb} is not available: ${why}`);
    },
  });

function pausing(paused: boolean) {
  return restRoute({
    access: 'operator',
    params: linkParams,
    query: validateOnly,
    body: restAlterMirrors,
    response: restAlteredMirrors,
    handler: async ({ runtime, actor, baseUrl, params, query, body }): Promise<Altered> => {
      const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
      authorise(actor, 'operator', linkTarget(link));
      const self = `${linkUrl(baseUrl, params.cluster_id, link.name)}/mirrors`;
      const topics = chosenTopics(link, body);
      const known = topics.filter((topic) => link.mirrors.has(topic));
      await runtime.mirrors.setPaused(actor, pathOf(link), known, paused, query.validate_only);
      return {
        kind: 'KafkaPromoteMirror',
        metadata: { self, next: null, resource_name: resourceName(params.cluster_id) },
        data: topics.map((topic) => alteredRow(runtime, link, self, topic)),
      };
    },
  });
}

const pathOf = ({ destination, name }: CatalogLink) => ({ destination, name });

/** A topic that is not a mirror of the link does not keep the others from it: its row holds the error. */
function alteredRow(
  runtime: Runtime,
  link: CatalogLink,
  self: string,
  topic: string,
): Altered['data'][number] {
  const error = link.mirrors.has(topic)
    ? null
    : new LandbridgeError('MIRROR_NOT_FOUND', `Link "${link.name}" has no mirror topic "${topic}".`);
  return {
    kind: 'AlterMirrorsData',
    metadata: {
      self: `${self}/${encodeURIComponent(topic)}`,
      resource_name: resourceName(link.destinationClusterId),
    },
    mirror_topic_name: topic,
    error_code: error ? restErrorCode(error) : null,
    error_message: error?.message ?? null,
    mirror_lags: mirrorLags(runtime.metrics.frame, link.id, topic),
    messages_truncated: null,
    partition_level_truncation_data: [],
  };
}

function chosenTopics(link: CatalogLink, body: z.infer<typeof restAlterMirrors>): string[] {
  const { mirror_topic_names: names, mirror_topic_name_pattern: pattern } = body;
  if (names && pattern !== undefined)
    throw invalid('Give mirror_topic_names or mirror_topic_name_pattern, not both.');
  if (names) return [...new Set(names)];
  if (pattern === undefined) throw invalid('Give mirror_topic_names or mirror_topic_name_pattern.');
  const matches = compiled(pattern);
  return [...link.mirrors.keys()].filter((topic) => matches.matches(topic));
}

/** The whole name must match. RE2's syntax, in linear time: no pattern, however made, can keep the server busy. */
function compiled(pattern: string): RE2JS {
  if (pattern.length > PATTERN_AT_MOST) {
    throw invalid(`mirror_topic_name_pattern has more than ${PATTERN_AT_MOST} characters.`);
  }
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new LandbridgeError(
      'INVALID_REQUEST',
      'mirror_topic_name_pattern is not a regular expression in RE2 syntax (without look-around and back-references).',
      { cause: error },
    );
  }
}

const invalid = (message: string) => new LandbridgeError('INVALID_REQUEST', message);
