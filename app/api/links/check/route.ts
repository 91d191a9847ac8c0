// Staged checks on both ends of a link that does not exist yet.
import { linkCheckRequest } from '@/lib/contracts/api';
import { linkCheck } from '@/lib/contracts/engine';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    body: linkCheckRequest,
    response: linkCheck,
    handler: ({ runtime, actor, body }) => runtime.links.check(actor, body),
  }),
});
