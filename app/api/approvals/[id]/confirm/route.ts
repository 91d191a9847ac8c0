// The second person agrees: another approver, freshly signed in, never a key.
import { approvalDetail } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'approver',
    params: idPath,
    response: approvalDetail,
    handler: ({ runtime, actor, params }) => runtime.approvals.confirm(actor, params.id),
  }),
});
