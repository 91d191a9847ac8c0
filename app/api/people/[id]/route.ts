// One person: see, change name and roles, disable and enable, remove.
import { changePersonRequest, personRemoved, personView } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'administrator',
    params: idPath,
    response: personView,
    handler: ({ runtime, actor, params }) => runtime.people.get(actor, params.id),
  }),
  PATCH: defineRoute({
    access: 'administrator',
    params: idPath,
    body: changePersonRequest,
    response: personView,
    handler: ({ runtime, actor, params, body }) => runtime.people.change(actor, params.id, body),
  }),
  DELETE: defineRoute({
    access: 'administrator',
    params: idPath,
    response: personRemoved,
    handler: ({ runtime, actor, params }) => runtime.people.remove(actor, params.id),
  }),
});
