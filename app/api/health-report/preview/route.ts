// What leaves the house next, byte for byte before it is compressed, and how endpoints take it. For those who see everything.
import { reportPreview } from '@/lib/contracts/monitoring/health-report';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: reportPreview,
    handler: ({ runtime, actor }) => runtime.monitored.healthReport(actor),
  }),
});
