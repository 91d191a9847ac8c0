// One mirror topic with its partitions: see, take off the link.
import { mirrorDetail } from '@/lib/contracts/link';
import { mirrorDeleted, removalQuery } from '@/lib/contracts/removal';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { mirrorPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: mirrorPath,
    response: mirrorDetail,
    handler: ({ runtime, actor, params }) => runtime.views.mirror(actor, params),
  }),
  DELETE: defineRoute({
    access: 'approver',
    params: mirrorPath,
    query: removalQuery,
    response: mirrorDeleted,
    handler: ({ runtime, actor, params, query: { validate_only: validateOnly, ...how } }) =>
      runtime.removals.mirror(actor, params, { validateOnly, ...how }),
  }),
});
