// Tries the connection to a cluster that is not saved yet, or an edit of one that is.
import { testClusterRequest } from '@/lib/contracts/api';
import { clusterProbe } from '@/lib/contracts/cluster';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'administrator',
    body: testClusterRequest,
    response: clusterProbe,
    handler: ({ runtime, actor, body }) => runtime.clusters.test(actor, body),
  }),
});
