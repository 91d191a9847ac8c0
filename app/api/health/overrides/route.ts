// What was decided about health rules: thresholds, times, switched off; everywhere, on a cluster or on a link.
import { overrideList } from '@/lib/contracts/monitoring/health-changes';
import { ruleOverride } from '@/lib/contracts/monitoring/rules';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: overrideList,
    handler: ({ runtime, actor }) => ({ overrides: runtime.healthSettings.overrides(actor) }),
  }),
  PUT: defineRoute({
    access: 'operator',
    body: ruleOverride,
    response: overrideList,
    handler: async ({ runtime, actor, body }) => ({
      overrides: await runtime.healthSettings.setOverride(actor, body),
    }),
  }),
});
