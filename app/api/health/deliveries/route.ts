// What was sent of alerts, what waits and what was given up.
import { deliveryPage } from '@/lib/contracts/monitoring/deliveries';
import { deliveryParameters } from '@/lib/contracts/monitoring/health-changes';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    query: deliveryParameters,
    response: deliveryPage,
    handler: ({ runtime, actor, query }) => runtime.alerts.deliveries(actor, query),
  }),
});
