// /kafka/v3/clusters/{id}/links: list, create, see, delete.
import { z } from 'zod';
import { objectName } from '@/lib/contracts/common';
import { restCreateLink, restLink, restLinkList } from '@/lib/contracts/kafka-rest';
import { createRestLinkFrom } from './create-link';
import { restRoute } from './dialect';
import { clusterParams, flag, linkParams, linksTo, requireLink, validateOnly } from './find';
import { clusterUrl, linkShape } from './shapes';

export const listRestLinks = restRoute({
  access: 'viewer',
  params: clusterParams,
  response: restLinkList,
  handler: ({ runtime, actor, baseUrl, params }) => ({
    kind: 'KafkaLinkDataList' as const,
    metadata: { self: `${clusterUrl(baseUrl, params.cluster_id)}/links`, next: null },
    data: linksTo(runtime, actor, params.cluster_id).map((link) =>
      linkShape(baseUrl, link, runtime.views.row(link, actor), null),
    ),
  }),
});

export const getRestLink = restRoute({
  access: 'viewer',
  params: linkParams,
  query: z.object({ include_tasks: flag('false') }),
  response: restLink,
  handler: ({ runtime, actor, baseUrl, params, query }) => {
    const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
    const tasks = query.include_tasks ? runtime.views.tasks(link) : null;
    return linkShape(baseUrl, link, runtime.views.row(link, actor), tasks);
  },
});

export const createRestLink = restRoute({
  access: 'operator',
  params: clusterParams,
  query: validateOnly.extend({ link_name: objectName, validate_link: flag('true') }),
  body: restCreateLink,
  response: null,
  status: 204,
  handler: ({ runtime, actor, params, query, body }) =>
    createRestLinkFrom(runtime, actor, {
      destinationClusterId: params.cluster_id,
      name: query.link_name,
      validateOnly: query.validate_only,
      runChecks: query.validate_link,
      body,
    }),
});

export const deleteRestLink = restRoute({
  access: 'approver',
  params: linkParams,
  query: validateOnly.extend({ force: flag('false') }),
  response: null,
  status: 200,
  handler: async ({ runtime, actor, params, query }) => {
    const { destination, name } = requireLink(runtime, actor, params.cluster_id, params.link_name);
    // As Confluent does, and `force` changes nothing: no mirror has to be stopped first.
    await runtime.removals.link(actor, { destination, name }, { validateOnly: query.validate_only });
  },
});
