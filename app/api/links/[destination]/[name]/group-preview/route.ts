// Which consumer groups of the source some filters would let through. Changes nothing.
import { groupPreview, previewGroupsRequest } from '@/lib/contracts/consumer-group';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { linkPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    params: linkPath,
    body: previewGroupsRequest,
    response: groupPreview,
    handler: ({ runtime, actor, params, body }) => runtime.groups.preview(actor, params, body.filters),
  }),
});
