// The second person does not agree, and says why.
import { approvalDetail, rejectApprovalRequest } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'approver',
    params: idPath,
    body: rejectApprovalRequest,
    response: approvalDetail,
    handler: ({ runtime, actor, params, body }) => runtime.approvals.reject(actor, params.id, body.reason),
  }),
});
