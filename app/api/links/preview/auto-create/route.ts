// Which topics of a source filters would mirror by themselves, which not, and why. Changes nothing.
import { autoCreatePreview, autoCreatePreviewRequest } from '@/lib/contracts/auto-create';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    body: autoCreatePreviewRequest,
    response: autoCreatePreview,
    handler: ({ runtime, actor, body }) => runtime.autoMirrors.preview(actor, body),
  }),
});
