// Sends a test message on a channel as it is about to be saved, and says exactly what happened. Nothing is kept.
import { channelTest } from '@/lib/contracts/monitoring/deliveries';
import { channelTrial } from '@/lib/contracts/monitoring/health-changes';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'administrator',
    body: channelTrial,
    response: channelTest,
    handler: ({ runtime, actor, body }) => runtime.alerts.tryChannel(actor, body.channel, body.id ?? null),
  }),
});
