// Nobody else is there: the one who has asked goes ahead alone, with a reason and a CRITICAL entry in the audit log.
import { approvalDetail, breakGlassRequest } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'approver',
    params: idPath,
    body: breakGlassRequest,
    response: approvalDetail,
    handler: ({ runtime, actor, params, body }) =>
      runtime.approvals.breakGlass(actor, params.id, body.reason),
  }),
});
