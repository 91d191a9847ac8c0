// The library of health rules, each as it is now at what the actor may see.
import { libraryView } from '@/lib/contracts/monitoring/rules';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: libraryView,
    handler: ({ runtime, actor }) => runtime.alerts.rules(actor),
  }),
});
