// Lets a paused mirror go on from where it stopped.
import { mirrorPaused, validateOnlyQuery } from '@/lib/contracts/api';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { mirrorPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    params: mirrorPath,
    query: validateOnlyQuery,
    response: mirrorPaused,
    handler: ({ runtime, actor, params, query }) =>
      runtime.mirrors.setOnePaused(actor, params, false, query.validate_only),
  }),
});
