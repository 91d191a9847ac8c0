// Where consoles report: each with its own key, which opens nothing else.

import { reportTaken } from '@/lib/contracts/hub';
import { healthReport } from '@/lib/contracts/monitoring/health-report';
import { defineRoute } from '@/server/http/define-route';
import { hubOf } from '@/server/http/hub-of';
import { methods } from '@/server/http/methods';
import { readReport, sentAtOf } from '@/server/http/read-report';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'hubSender',
    readBody: (request, { runtime, actor }) =>
      hubOf(runtime).reading(actor, (spend) => readReport(request, spend)),
    body: healthReport,
    response: reportTaken,
    handler: ({ runtime, actor, body, headers }) => hubOf(runtime).take(actor, body, sentAtOf(headers)),
  }),
});
