// Signs a person out everywhere.
import { sessionsEnded } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  DELETE: defineRoute({
    access: 'administrator',
    params: idPath,
    response: sessionsEnded,
    handler: ({ runtime, actor, params }) => runtime.people.endSessions(actor, params.id),
  }),
});
