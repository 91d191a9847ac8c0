// Silences of alerts: list, begin one.
import { newSilence, silenceList } from '@/lib/contracts/monitoring/health-changes';
import { silence } from '@/lib/contracts/monitoring/silences';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: silenceList,
    handler: ({ runtime, actor }) => ({
      asOf: Date.now(),
      silences: runtime.healthSettings.silences(actor),
    }),
  }),
  POST: defineRoute({
    access: 'operator',
    body: newSilence,
    response: silence,
    status: 201,
    handler: ({ runtime, actor, body }) => runtime.healthSettings.silence(actor, body),
  }),
});
