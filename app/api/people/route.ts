// People who may sign in: list, invite.
import { invitePersonRequest, peopleList, personInvited } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'administrator',
    response: peopleList,
    handler: async ({ runtime, actor }) => ({ people: await runtime.people.list(actor) }),
  }),
  POST: defineRoute({
    access: 'administrator',
    body: invitePersonRequest,
    response: personInvited,
    status: 201,
    handler: ({ runtime, actor, body }) => runtime.people.invite(actor, body),
  }),
});
