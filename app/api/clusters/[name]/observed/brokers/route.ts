// The brokers of a cluster, as its last sweep has seen them.
import { brokersPage } from '@/lib/contracts/monitoring/brokers';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { clusterPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: clusterPath,
    response: brokersPage,
    handler: ({ runtime, actor, params }) =>
      runtime.monitored.view(actor, { op: 'brokers', cluster: params.name }),
  }),
});
