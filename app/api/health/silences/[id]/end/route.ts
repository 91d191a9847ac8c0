// Ends a silence: alerts are sent again from now on.
import { silence } from '@/lib/contracts/monitoring/silences';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    params: idPath,
    response: silence,
    handler: ({ runtime, actor, params }) => runtime.healthSettings.endSilence(actor, params.id),
  }),
});
