// Mirrors of a link: one page of the table, filtered, sorted and cut here; add.
import { mirrorsAdded, validateOnlyQuery } from '@/lib/contracts/api';
import { addMirrorsRequest, mirrorPage, mirrorQuery } from '@/lib/contracts/link';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { linkPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: linkPath,
    query: mirrorQuery,
    response: mirrorPage,
    handler: ({ runtime, actor, params, query }) => runtime.views.mirrors(actor, params, query),
  }),
  POST: defineRoute({
    access: 'operator',
    params: linkPath,
    query: validateOnlyQuery,
    body: addMirrorsRequest,
    response: mirrorsAdded,
    status: ({ added }) => (added > 0 ? 201 : 200),
    handler: ({ runtime, actor, params, query, body }) =>
      runtime.mirrors.add(actor, params, body, query.validate_only),
  }),
});
