// Which alerts go to which channels: all routes, in order.
import { routeList } from '@/lib/contracts/monitoring/health-changes';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: routeList,
    handler: ({ runtime, actor }) => ({ routes: runtime.healthSettings.routes(actor) }),
  }),
  PUT: defineRoute({
    access: 'administrator',
    body: routeList,
    response: routeList,
    handler: async ({ runtime, actor, body }) => ({
      routes: await runtime.healthSettings.setRoutes(actor, body.routes),
    }),
  }),
});
