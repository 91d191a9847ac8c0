// A consumer group of a cluster, as its last sweep has seen it.
import { groupDetail } from '@/lib/contracts/monitoring/groups';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { observedGroupPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: observedGroupPath,
    response: groupDetail,
    handler: ({ runtime, actor, params: { name, group } }) => runtime.monitored.group(actor, name, group),
  }),
});
