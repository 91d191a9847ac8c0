// One operation of the audit log, with what was asked for, before and after.
import { z } from 'zod';
import { auditEntryDetail } from '@/lib/contracts/audit';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: z.object({ id: z.string().min(1).max(100) }),
    response: auditEntryDetail,
    handler: ({ runtime, actor, params }) => runtime.auditViews.detail(actor, params.id),
  }),
});
