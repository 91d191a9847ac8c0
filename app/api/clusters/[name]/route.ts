// One registered cluster: see, edit, change its credentials, remove.
import { clusterCredentials, clusterDeleted, updateClusterRequest } from '@/lib/contracts/api';
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
  PATCH: defineRoute({
    access: 'administrator',
    params: clusterPath,
    body: clusterCredentials,
    response: clusterView,
    handler: async ({ runtime, actor, params, body }) => {
      await runtime.credentials.rotate(actor, params.name, body);
      return runtime.clusters.get(actor, params.name);
    },
  }),
  DELETE: defineRoute({
    access: 'administrator',
    params: clusterPath,
    response: clusterDeleted,
    handler: ({ runtime, actor, params }) => runtime.clusters.remove(actor, params.name),
  }),
});
