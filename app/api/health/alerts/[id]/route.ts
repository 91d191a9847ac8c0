// One alert, with its changes and what is listed under it.
import { alertDetail } from '@/lib/contracts/monitoring/alerts';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: idPath,
    response: alertDetail,
    handler: ({ runtime, actor, params }) => runtime.alerts.one(actor, params.id),
  }),
});
