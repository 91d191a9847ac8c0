// Keys of consoles: list, create. The secret is in the answer to the creation and nowhere else.
import { createHubSenderRequest, hubSenderCreated, hubSenderList } from '@/lib/contracts/hub';
import { defineRoute } from '@/server/http/define-route';
import { hubOf } from '@/server/http/hub-of';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'administrator',
    response: hubSenderList,
    handler: async ({ runtime, actor }) => ({ senders: await hubOf(runtime).senders.list(actor) }),
  }),
  POST: defineRoute({
    access: 'administrator',
    body: createHubSenderRequest,
    response: hubSenderCreated,
    status: 201,
    handler: async ({ runtime, actor, body }) => ({
      ...(await hubOf(runtime).senders.create(actor, body.console)),
      endpoint: `${runtime.config.address.origin}/api/health-reports`,
    }),
  }),
});
