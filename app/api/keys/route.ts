// API keys: list, create. The secret is in the answer to the creation and nowhere else.
import { apiKeyCreated, apiKeyList, createApiKeyRequest } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'administrator',
    response: apiKeyList,
    handler: async ({ runtime, actor }) => ({ keys: await runtime.keys.list(actor) }),
  }),
  POST: defineRoute({
    access: 'administrator',
    body: createApiKeyRequest,
    response: apiKeyCreated,
    status: 201,
    handler: ({ runtime, actor, body }) => runtime.keys.create(actor, body),
  }),
});
