// Links: list, create (with ?validate_only=true nothing is changed).
import { linkCreated, validateOnlyQuery } from '@/lib/contracts/api';
import { createLinkRequest, linkList } from '@/lib/contracts/link';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: linkList,
    handler: ({ runtime, actor }) => runtime.views.list(actor),
  }),
  POST: defineRoute({
    access: 'operator',
    query: validateOnlyQuery,
    body: createLinkRequest,
    response: linkCreated,
    status: ({ link }) => (link ? 201 : 200),
    handler: ({ runtime, actor, query, body }) =>
      runtime.links.create(actor, body, { validateOnly: query.validate_only }),
  }),
});
