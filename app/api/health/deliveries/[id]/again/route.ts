// Sends a message that was given up once more.
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'administrator',
    params: idPath,
    response: null,
    handler: ({ runtime, actor, params }) => runtime.alerts.sendAgain(actor, params.id),
  }),
});
