// Topics of a cluster, asked of Kafka at most once in a few seconds.
import { topicList } from '@/lib/contracts/cluster';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { clusterPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: clusterPath,
    response: topicList,
    handler: ({ runtime, actor, params }) => runtime.clusters.topics(actor, params.name),
  }),
});
