// Pauses or resumes many mirrors of a link, by names or by a pattern.
import { mirrorsPaused, pauseMirrorsRequest, validateOnlyQuery } from '@/lib/contracts/api';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { linkPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    params: linkPath,
    query: validateOnlyQuery,
    body: pauseMirrorsRequest,
    response: mirrorsPaused,
    handler: ({ runtime, actor, params, query, body }) =>
      runtime.mirrors.setManyPaused(actor, params, body, query.validate_only),
  }),
});
