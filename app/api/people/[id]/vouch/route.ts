// An administrator says that an account is in the hands of a person of its own: what it confirms counts.
import { personView } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'administrator',
    params: idPath,
    response: personView,
    handler: ({ runtime, actor, params }) => runtime.people.vouch(actor, params.id),
  }),
});
