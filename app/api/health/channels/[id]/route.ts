// One alert channel: what may be shown of it, change, remove.
import { channelView } from '@/lib/contracts/monitoring/channels';
import { channelForm, channelInput } from '@/lib/contracts/monitoring/health-changes';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { idPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'administrator',
    params: idPath,
    response: channelForm,
    handler: ({ runtime, actor, params }) => runtime.healthSettings.channelForm(actor, params.id),
  }),
  PUT: defineRoute({
    access: 'administrator',
    params: idPath,
    body: channelInput,
    response: channelView,
    handler: ({ runtime, actor, params, body }) =>
      runtime.healthSettings.changeChannel(actor, params.id, body),
  }),
  DELETE: defineRoute({
    access: 'administrator',
    params: idPath,
    response: null,
    handler: ({ runtime, actor, params }) => runtime.healthSettings.removeChannel(actor, params.id),
  }),
});
