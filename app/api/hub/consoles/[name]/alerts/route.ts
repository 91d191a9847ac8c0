// Alerts of one console: open ones first, gravest first.
import { z } from 'zod';
import { consoleName } from '@/lib/contracts/console-name';
import { alertPage } from '@/lib/contracts/monitoring/alerts';
import { alertParameters } from '@/lib/contracts/monitoring/health-changes';
import { defineRoute } from '@/server/http/define-route';
import { hubOf } from '@/server/http/hub-of';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: z.object({ name: consoleName }),
    query: alertParameters,
    response: alertPage,
    handler: ({ runtime, actor, params, query }) => hubOf(runtime).alerts(actor, params.name, query),
  }),
});
