// A cluster in a few numbers, as its last sweep has seen it.
import { clusterSummary } from '@/lib/contracts/monitoring/cluster-summary';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { clusterPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: clusterPath,
    response: clusterSummary,
    handler: ({ runtime, actor, params }) =>
      runtime.monitored.view(actor, { op: 'summary', cluster: params.name }),
  }),
});
