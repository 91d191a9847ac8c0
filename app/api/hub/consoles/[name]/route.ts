// One console with its clusters and links, as it reported last; removing it with all that is known of it.
import { z } from 'zod';
import { consoleName } from '@/lib/contracts/console-name';
import { hubConsoleDetail } from '@/lib/contracts/hub';
import { defineRoute } from '@/server/http/define-route';
import { hubOf } from '@/server/http/hub-of';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: z.object({ name: consoleName }),
    response: hubConsoleDetail,
    handler: ({ runtime, actor, params }) => hubOf(runtime).console(actor, params.name),
  }),
  DELETE: defineRoute({
    access: 'administrator',
    params: z.object({ name: consoleName }),
    response: null,
    handler: ({ runtime, actor, params }) => hubOf(runtime).remove(actor, params.name),
  }),
});
