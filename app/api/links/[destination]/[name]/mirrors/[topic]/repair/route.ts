// What can be done about a mirror that has failed: which ways fit, and one of them. Declaring lost and re-seeding are for approvers; the operation asks.
import { validateOnlyQuery } from '@/lib/contracts/api';
import { repairAnswer, repairRequest, repairView } from '@/lib/contracts/repair';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { mirrorPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: mirrorPath,
    response: repairView,
    handler: ({ runtime, actor, params }) => runtime.repairs.view(actor, params),
  }),
  POST: defineRoute({
    access: 'operator',
    params: mirrorPath,
    query: validateOnlyQuery,
    body: repairRequest,
    response: repairAnswer,
    // A re-seed is begun; how it ends is told by its operation.
    status: ({ operationId }) => (operationId === null ? 200 : 202),
    handler: ({ runtime, actor, params, query, body }) =>
      runtime.repairs.repair(actor, params, body, query.validate_only),
  }),
});
