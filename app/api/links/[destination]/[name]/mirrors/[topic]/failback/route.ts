// Failing a stopped mirror back: where both sides part, and the operation on the way back.
import { validateOnlyQuery } from '@/lib/contracts/api';
import { failbackAnswer, failbackPlan, failbackRequest } from '@/lib/contracts/failback';
import { remakeOptions } from '@/lib/contracts/remake';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { mirrorPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'operator',
    params: mirrorPath,
    response: failbackPlan,
    handler: ({ runtime, actor, params }) => runtime.failbacks.plan(actor, params, remakeOptions.parse({})),
  }),
  POST: defineRoute({
    access: 'approver',
    params: mirrorPath,
    query: validateOnlyQuery,
    body: failbackRequest,
    response: failbackAnswer,
    status: ({ operationId }) => (operationId === null ? 200 : 202),
    handler: ({ runtime, actor, params, query, body }) =>
      runtime.failbacks.start(actor, params, body, query.validate_only),
  }),
});
