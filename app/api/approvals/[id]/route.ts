// One request for an approval, with the facts that it holds for.
import { approvalDetail } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: idPath,
    response: approvalDetail,
    handler: ({ runtime, actor, params }) => runtime.approvals.get(actor, params.id),
  }),
});
