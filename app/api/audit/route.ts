// The audit log, newest first: what the asker may see of it.
import { auditPage, auditQuery } from '@/lib/contracts/audit';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    query: auditQuery,
    response: auditPage,
    handler: ({ runtime, actor, query }) => runtime.auditViews.page(actor, query),
  }),
});
