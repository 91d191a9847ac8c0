// Tries the connection to a registered cluster now.
import { clusterProbe } from '@/lib/contracts/cluster';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { clusterPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    params: clusterPath,
    response: clusterProbe,
    handler: ({ runtime, actor, params }) => runtime.clusters.probe(actor, params.name),
  }),
});
