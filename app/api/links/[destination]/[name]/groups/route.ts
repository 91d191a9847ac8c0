// Consumer groups of a link: one page of the table, as its last offset sync has seen them.
import { groupPage, groupQuery } from '@/lib/contracts/consumer-group';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { linkPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: linkPath,
    query: groupQuery,
    response: groupPage,
    handler: ({ runtime, actor, params, query }) => runtime.groups.page(actor, params, query),
  }),
});
