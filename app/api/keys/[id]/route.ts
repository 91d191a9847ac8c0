// One API key: revoke. It stays in the list, so that names in the audit log can be looked up.
import { apiKeyView } from '@/lib/contracts/access';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  DELETE: defineRoute({
    access: 'administrator',
    params: idPath,
    response: apiKeyView,
    handler: ({ runtime, actor, params }) => runtime.keys.revoke(actor, params.id),
  }),
});
