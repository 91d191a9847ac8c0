// One registered cluster: see, edit, remove.
import { clusterDeleted, updateClusterRequest } from '@/lib/contracts/api';
import { clusterView } from '@/lib/contracts/cluster';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { clusterPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: clusterPath,
    response: clusterView,
    handler: ({ runtime, actor, params }) => runtime.clusters.get(actor, params.name),
  }),
  PUT: defineRoute({
    access: 'administrator',
    params: clusterPath,
    body: updateClusterRequest,
    response: clusterView,
    handler: ({ runtime, actor, params, body }) => runtime.clusters.update(actor, params.name, body),
  }),
  DELETE: defineRoute({
    access: 'administrator',
    params: clusterPath,
    response: clusterDeleted,
    handler: ({ runtime, actor, params }) => runtime.clusters.remove(actor, params.name),
  }),
});
