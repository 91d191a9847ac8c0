// How one can sign in here, for the sign-in page. Told to everybody.
import { signInWays } from '@/lib/contracts/sign-in';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'anonymous',
    response: signInWays,
    handler: async ({ runtime: { config, entrance } }) => ({
      providers: config.signIn.oidc.map(({ id, name }) => ({ id, name })),
      empty: await entrance.links.nobodyExists(),
      exposed: config.address.exposed,
    }),
  }),
});
