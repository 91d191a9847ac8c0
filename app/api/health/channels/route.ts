// Where alerts can be sent: list, add. Secrets are never shown.
import { channelView } from '@/lib/contracts/monitoring/channels';
import { channelInput, channelList } from '@/lib/contracts/monitoring/health-changes';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: channelList,
    handler: ({ runtime, actor }) => ({ channels: runtime.healthSettings.channels(actor) }),
  }),
  POST: defineRoute({
    access: 'administrator',
    body: channelInput,
    response: channelView,
    status: 201,
    handler: ({ runtime, actor, body }) => runtime.healthSettings.addChannel(actor, body),
  }),
});
