// One link: see, change settings, delete.
import { linkSettingsPatch, settingsList, validateOnlyQuery } from '@/lib/contracts/api';
import { linkDetail } from '@/lib/contracts/link';
import { linkDeleted, removalQuery } from '@/lib/contracts/removal';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { linkPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: linkPath,
    response: linkDetail,
    handler: ({ runtime, actor, params }) => runtime.views.detail(actor, params),
  }),
  PATCH: defineRoute({
    access: 'operator',
    params: linkPath,
    query: validateOnlyQuery,
    body: linkSettingsPatch,
    response: settingsList,
    handler: async ({ runtime, actor, params, query, body }) => ({
      settings: await runtime.links.patchSettings(actor, params, body, query.validate_only),
    }),
  }),
  DELETE: defineRoute({
    access: 'approver',
    params: linkPath,
    query: removalQuery,
    response: linkDeleted,
    handler: ({ runtime, actor, params, query: { validate_only: validateOnly, ...how } }) =>
      runtime.removals.link(actor, params, { validateOnly, ...how }),
  }),
});
