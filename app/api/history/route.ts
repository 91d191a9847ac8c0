// Series of metrics over a range of time, for charts: of a cluster or a link, or of everything for those who see everything.
import { historyAnswer, historyParameters } from '@/lib/contracts/monitoring/history';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    query: historyParameters,
    response: historyAnswer,
    handler: ({ runtime, actor, query }) => runtime.monitored.history(actor, query),
  }),
});
