// Alerts of what the actor may see: a page of them, and how many are open.
import { alertPage } from '@/lib/contracts/monitoring/alerts';
import { alertParameters } from '@/lib/contracts/monitoring/health-changes';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    query: alertParameters,
    response: alertPage,
    handler: ({ runtime, actor, query }) => runtime.alerts.list(actor, query),
  }),
});
