// Uses a one-time link up: makes the first administrator, or sets a password. Signing in with it comes next.
import { linkRedeemed, redeemLinkRequest } from '@/lib/contracts/sign-in';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'anonymous',
    body: redeemLinkRequest,
    response: linkRedeemed,
    handler: async ({ runtime, actor, body }) => ({
      userName: await runtime.entrance.links.redeem(body, 'address' in actor ? actor.address : null),
    }),
  }),
});
