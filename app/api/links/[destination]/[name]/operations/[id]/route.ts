// One promote or failover of one mirror, with its steps as they are now and, once it has ended, its statement.
import { operationDetail } from '@/lib/contracts/operation';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { operationPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: operationPath,
    response: operationDetail,
    handler: ({ runtime, actor, params: { id, ...link } }) => runtime.operations.one(actor, link, id),
  }),
});
