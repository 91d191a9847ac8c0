// Version, age and state of the server, for the console's footer and for scripts.
import { meta } from '@/lib/contracts/api';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: meta,
    handler: ({ runtime }) => ({
      ...runtime.views.meta(),
      version: runtime.version,
      startedAt: runtime.startedAt,
      mode: runtime.config.monitoring.mode,
      dashboardUrl: runtime.config.monitoring.dashboardUrl,
    }),
  }),
});
