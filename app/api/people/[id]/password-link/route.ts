// A one-time link with which a person chooses a new password, or takes up the invitation.
import { passwordReset } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'administrator',
    params: idPath,
    response: passwordReset,
    status: 201,
    handler: ({ runtime, actor, params }) => runtime.people.resetPassword(actor, params.id),
  }),
});
