// Numbers of one console over time, as its charts draw them.
import { z } from 'zod';
import { consoleName } from '@/lib/contracts/console-name';
import { historyAnswer, historyParameters } from '@/lib/contracts/monitoring/history';
import { defineRoute } from '@/server/http/define-route';
import { hubOf } from '@/server/http/hub-of';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: z.object({ name: consoleName }),
    query: historyParameters,
    response: historyAnswer,
    handler: ({ runtime, actor, params, query }) => hubOf(runtime).history(actor, params.name, query),
  }),
});
