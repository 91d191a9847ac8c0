// A broker of a cluster, as the last sweep has seen it.
import { brokerDetail } from '@/lib/contracts/monitoring/brokers';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { observedBrokerPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: observedBrokerPath,
    response: brokerDetail,
    handler: ({ runtime, actor, params: { name, broker } }) => runtime.monitored.broker(actor, name, broker),
  }),
});
