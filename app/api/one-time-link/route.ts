// What a one-time link is for. By POST: the token must not stand in an address.
import { lookAtLinkRequest, oneTimeLinkView } from '@/lib/contracts/sign-in';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'anonymous',
    body: lookAtLinkRequest,
    response: oneTimeLinkView,
    handler: ({ runtime, body }) => runtime.entrance.links.look(body.token),
  }),
});
