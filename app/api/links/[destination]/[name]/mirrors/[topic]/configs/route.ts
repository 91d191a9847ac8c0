// Where the configs of a mirror differ from its source's, by which rule, and whose value stands.
import { mirrorConfigsView } from '@/lib/contracts/topic-config-sync';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { mirrorPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: mirrorPath,
    response: mirrorConfigsView,
    handler: ({ runtime, actor, params }) => runtime.mirrorConfigs.one(actor, params),
  }),
});
