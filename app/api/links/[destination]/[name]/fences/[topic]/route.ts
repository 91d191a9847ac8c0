// The fence of one source topic: lift it.
import { fenceLifted } from '@/lib/contracts/acl-sync';
import { validateOnlyQuery } from '@/lib/contracts/api';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { mirrorPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  DELETE: defineRoute({
    access: 'approver',
    params: mirrorPath,
    query: validateOnlyQuery,
    response: fenceLifted,
    handler: ({ runtime, actor, params, query }) =>
      runtime.acls.liftFence(actor, params, query.validate_only),
  }),
});
