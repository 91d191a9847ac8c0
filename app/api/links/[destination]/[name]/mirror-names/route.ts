// Names of the mirrors that a filter lets through, without their numbers: for acting on all of them.
import { mirrorNames, mirrorNamesQuery } from '@/lib/contracts/link';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { linkPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: linkPath,
    query: mirrorNamesQuery,
    response: mirrorNames,
    handler: ({ runtime, actor, params, query }) => runtime.views.mirrorNames(actor, params, query),
  }),
});
