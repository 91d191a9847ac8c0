// Says that somebody is at work on an alert.
import { alertDetail } from '@/lib/contracts/monitoring/alerts';
import { acknowledgeRequest } from '@/lib/contracts/monitoring/health-changes';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    params: idPath,
    body: acknowledgeRequest,
    response: alertDetail,
    handler: ({ runtime, actor, params, body }) => runtime.alerts.acknowledge(actor, params.id, body),
  }),
});
