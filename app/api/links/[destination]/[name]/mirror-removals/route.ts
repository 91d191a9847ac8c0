// Takes many mirrors off their link, by names or by a pattern; their topics stay or are deleted.
import { validateOnlyQuery } from '@/lib/contracts/api';
import { mirrorsRemoved, removeMirrorsRequest } from '@/lib/contracts/removal';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { linkPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'approver',
    params: linkPath,
    query: validateOnlyQuery,
    body: removeMirrorsRequest,
    response: mirrorsRemoved,
    handler: ({
      runtime,
      actor,
      params,
      query,
      body: { topics: names, pattern, destinationTopics, confirm },
    }) =>
      runtime.removals.mirrors(
        actor,
        params,
        { names, pattern },
        { validateOnly: query.validate_only, topics: destinationTopics, confirm },
      ),
  }),
});
