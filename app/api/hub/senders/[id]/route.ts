// One key of a console: revoke. It stays in the list, and what was reported with it in the history.
import { hubSenderView } from '@/lib/contracts/hub';
import { defineRoute } from '@/server/http/define-route';
import { hubOf } from '@/server/http/hub-of';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  DELETE: defineRoute({
    access: 'administrator',
    params: idPath,
    response: hubSenderView,
    handler: ({ runtime, actor, params }) => hubOf(runtime).senders.revoke(actor, params.id),
  }),
});
