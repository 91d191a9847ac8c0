// Registered clusters: list, add.
import { createClusterRequest } from '@/lib/contracts/api';
import { clusterList, clusterView } from '@/lib/contracts/cluster';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: clusterList,
    handler: ({ runtime, actor }) => ({ asOf: Date.now(), clusters: runtime.clusters.list(actor) }),
  }),
  POST: defineRoute({
    access: 'administrator',
    body: createClusterRequest,
    response: clusterView,
    status: 201,
    handler: ({ runtime, actor, body }) => runtime.clusters.add(actor, body),
  }),
});
