// Sends a test message now, and says exactly what happened.
import { channelTest } from '@/lib/contracts/monitoring/deliveries';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'administrator',
    params: idPath,
    response: channelTest,
    handler: ({ runtime, actor, params }) => runtime.alerts.testChannel(actor, params.id),
  }),
});
