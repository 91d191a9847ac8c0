// /kafka/v3/clusters/{id}/links/{link}/mirrors: list (one link, or all with "-"), create, see.
import { z } from 'zod';
import { topicName } from '@/lib/contracts/common';
import { restCreateMirror, restMirror, restMirrorList, restMirrorStatus } from '@/lib/contracts/kafka-rest';
import { mirrorOptions } from '@/lib/contracts/link';
import type { CatalogLink } from '@/server/control/catalog';
import { LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';
import { parseInput } from '../parse-input';
import { restRoute } from './dialect';
import {
  clusterParams,
  flag,
  linkParams,
  linksTo,
  mirrorParams,
  requireLink,
  requireMirror,
  validateOnly,
} from './find';
import { linkUrl, mirrorShape } from './shapes';

const listQuery = z.object({ mirror_status: restMirrorStatus.optional() });
type ListQuery = z.infer<typeof listQuery>;

export const listRestMirrors = restRoute({
  access: 'viewer',
  params: linkParams,
  query: listQuery,
  response: restMirrorList,
  handler: ({ runtime, actor, baseUrl, params, query }) => {
    const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
    return mirrorList(runtime, baseUrl, params.cluster_id, params.link_name, [link], query);
  },
});

export const listAllRestMirrors = restRoute({
  access: 'viewer',
  params: clusterParams,
  query: listQuery,
  response: restMirrorList,
  handler: ({ runtime, actor, baseUrl, params, query }) =>
    mirrorList(runtime, baseUrl, params.cluster_id, '-', linksTo(runtime, actor, params.cluster_id), query),
});

export const getRestMirror = restRoute({
  access: 'viewer',
  params: mirrorParams,
  query: z.object({ include_state_transition_errors: flag('false') }),
  response: restMirror,
  handler: async ({ runtime, actor, baseUrl, params, query }) => {
    const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
    const fact = requireMirror(runtime, link, params.mirror_topic_name);
    if (!query.include_state_transition_errors)
      return mirrorShape(baseUrl, link, fact, runtime.metrics.frame, null);
    const asked = { topic: fact.topic, open: '0' as const, offset: 0, limit: 1 };
    const { operations } = await runtime.operations.list(actor, link, asked);
    return mirrorShape(baseUrl, link, fact, runtime.metrics.frame, operations);
  },
});

export const createRestMirror = restRoute({
  access: 'operator',
  params: linkParams,
  query: validateOnly,
  body: restCreateMirror.extend({ source_topic_name: topicName, mirror_topic_name: topicName.nullish() }),
  response: null,
  status: 204,
  handler: async ({ runtime, actor, params, query, body }) => {
    const { destination, name } = requireLink(runtime, actor, params.cluster_id, params.link_name);
    const sourceTopic = body.source_topic_name;
    const wish = body.mirror_topic_name ? { sourceTopic, topic: body.mirror_topic_name } : sourceTopic;
    const given = {
      replicationFactor: replicationFactor(body.replication_factor),
      configs: configsOf(body.configs),
    };
    const request = { topics: [wish], mirrorOptions: parseInput(mirrorOptions, given, 'body') };
    await runtime.mirrors.add(actor, { destination, name }, request, query.validate_only);
  },
});

function mirrorList(
  runtime: Runtime,
  baseUrl: string,
  clusterId: string,
  linkName: string,
  links: readonly CatalogLink[],
  query: ListQuery,
) {
  const { frame } = runtime.metrics;
  const data = links.flatMap((link) =>
    runtime.views
      .facts(link)
      .filter((fact) => query.mirror_status === undefined || fact.state === query.mirror_status)
      .map((fact) => mirrorShape(baseUrl, link, fact, frame, null)),
  );
  const self = `${linkUrl(baseUrl, clusterId, linkName)}/mirrors`;
  return { kind: 'KafkaMirrorDataList' as const, metadata: { self, next: null }, data };
}

/** Zero or less is how some clients say "the destination's default". */
function replicationFactor(given: number | null | undefined): number | null {
  return given === null || given === undefined || given <= 0 ? null : Math.min(given, 1000);
}

function configsOf(configs: readonly { name: string; value: string | null }[]): Record<string, string> {
  return Object.fromEntries(
    configs.map(({ name, value }) => {
      if (value !== null) return [name, value];
      throw new LandbridgeError(
        'INVALID_REQUEST',
        `Topic config ${name} has no value. Give one, or leave it out.`,
      );
    }),
  );
}
