// One mirror topic with its partitions: see, take off the link.
import { mirrorDeleted, validateOnlyQuery } from '@/lib/contracts/api';
import { mirrorDetail } from '@/lib/contracts/link';
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
    query: validateOnlyQuery,
    response: mirrorDeleted,
    handler: ({ runtime, actor, params, query }) =>
      runtime.mirrors.remove(actor, params, query.validate_only),
  }),
});
