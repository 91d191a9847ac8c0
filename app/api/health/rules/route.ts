// The library of health rules, each as it is now at what the actor may see.
import { libraryView, ruleParameters } from '@/lib/contracts/monitoring/rules';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    query: ruleParameters,
    response: libraryView,
    handler: ({ runtime, actor, query }) => runtime.alerts.rules(actor, query.console),
  }),
});
