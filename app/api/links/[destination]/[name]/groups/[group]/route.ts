// One consumer group: where it stands on both sides, why it is not in step, and its members as they are now.
import { groupDetail } from '@/lib/contracts/consumer-group';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { groupPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: groupPath,
    response: groupDetail,
    handler: ({ runtime, actor, params }) => runtime.groups.one(actor, params, params.group),
  }),
});
