// Which topics could be mirrored, and what that would mean for each. Changes nothing.
import { linkPreview, linkPreviewRequest } from '@/lib/contracts/api';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    body: linkPreviewRequest,
    response: linkPreview,
    handler: async ({ runtime, actor, body }) => ({ verdicts: await runtime.links.preview(actor, body) }),
  }),
});
