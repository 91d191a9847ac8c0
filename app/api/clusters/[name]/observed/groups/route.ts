// One page of the consumer groups of a cluster, as its last sweep has seen them.
import { groupsPage, groupsQuery } from '@/lib/contracts/monitoring/groups';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { clusterPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: clusterPath,
    query: groupsQuery,
    response: groupsPage,
    handler: ({ runtime, actor, params, query }) =>
      runtime.monitored.view(actor, { op: 'groups', cluster: params.name, query }),
  }),
});
