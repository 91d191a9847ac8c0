// The own account, for its page.
import { ownAccount } from '@/lib/contracts/sign-in';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'signedIn',
    response: ownAccount,
    handler: async ({ runtime: { entrance, config }, actor }) => {
      const person = await entrance.account.person(actor);
      return {
        userName: person.userName,
        displayName: person.displayName,
        provider: person.issuer,
        hasPassword: person.passwordHash !== null,
        idleLimitMs: config.signIn.idleMs,
        absoluteLimitMs: config.signIn.absoluteMs,
      };
    },
  }),
});
