// What stands of ACLs on both sides of a link, and what it would do about them.
import { aclPreview, aclPreviewQuery } from '@/lib/contracts/acl-sync';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { linkPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'operator',
    params: linkPath,
    query: aclPreviewQuery,
    response: aclPreview,
    handler: ({ runtime, actor, params, query }) => runtime.acls.preview(actor, params, query),
  }),
});
