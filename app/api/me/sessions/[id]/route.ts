// One of the own sessions: end it.
import { sessionParams } from '@/lib/contracts/sign-in';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  DELETE: defineRoute({
    access: 'signedIn',
    params: sessionParams,
    response: null,
    handler: async ({ runtime, actor, params }) => {
      await runtime.entrance.account.endSession(actor, params.id);
    },
  }),
});
