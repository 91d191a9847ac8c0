// The own password. All other sessions of the person end.
import { changePasswordRequest } from '@/lib/contracts/sign-in';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  PUT: defineRoute({
    access: 'signedIn',
    body: changePasswordRequest,
    response: null,
    handler: async ({ runtime, actor, body }) => {
      await runtime.entrance.account.changePassword(actor, body);
    },
  }),
});
