// All configs of one topic with where each comes from, read from a broker now.
import { topicConfigsView } from '@/lib/contracts/monitoring/topics';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { observedTopicPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: observedTopicPath,
    response: topicConfigsView,
    handler: ({ runtime, actor, params: { name, topic } }) =>
      runtime.monitored.topicConfigs(actor, name, topic),
  }),
});
