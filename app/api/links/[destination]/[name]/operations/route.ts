// Promotes and failovers of a link's mirrors: see them, begin them for one, many or a pattern.
import { validateOnlyQuery } from '@/lib/contracts/api';
import {
  operationList,
  operationQuery,
  operationsStarted,
  startOperationRequest,
} from '@/lib/contracts/operation';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { linkPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: linkPath,
    query: operationQuery,
    response: operationList,
    handler: ({ runtime, actor, params, query }) => runtime.operations.list(actor, params, query),
  }),
  POST: defineRoute({
    access: 'approver',
    params: linkPath,
    query: validateOnlyQuery,
    body: startOperationRequest,
    response: operationsStarted,
    // They are begun; how they end is told by each of them.
    status: ({ started }) => (started > 0 ? 202 : 200),
    handler: ({ runtime, actor, params, query, body }) =>
      runtime.operations.start(actor, params, body, query.validate_only),
  }),
});
