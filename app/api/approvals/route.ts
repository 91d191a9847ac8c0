// Requests for a second person's word, newest first. They are made by trying a guarded operation.
import { approvalList } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: approvalList,
    handler: async ({ runtime, actor }) => ({ approvals: await runtime.approvals.list(actor) }),
  }),
});
