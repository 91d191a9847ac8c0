// Takes a promote or failover back, up to its fence; the mirror goes on as before.
import { operationDetail } from '@/lib/contracts/operation';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { operationPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'approver',
    params: operationPath,
    response: operationDetail,
    status: 202,
    handler: ({ runtime, actor, params: { id, ...link } }) => runtime.operations.cancel(actor, link, id),
  }),
});
