// A topic of a cluster, as its last sweep has seen it.
import { topicDetail } from '@/lib/contracts/monitoring/topics';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { observedTopicPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: observedTopicPath,
    response: topicDetail,
    handler: ({ runtime, actor, params: { name, topic } }) => runtime.monitored.topic(actor, name, topic),
  }),
});
