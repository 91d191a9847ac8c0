// One page of the topics of a cluster, as its last sweep has seen them.
import { topicsPage, topicsQuery } from '@/lib/contracts/monitoring/topics';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { clusterPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: clusterPath,
    query: topicsQuery,
    response: topicsPage,
    handler: ({ runtime, actor, params, query }) =>
      runtime.monitored.view(actor, { op: 'topics', cluster: params.name, query }),
  }),
});
