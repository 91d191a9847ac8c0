// All consoles that report here and that the actor may see, worst first.
import { hubConsoles } from '@/lib/contracts/hub';
import { defineRoute } from '@/server/http/define-route';
import { hubOf } from '@/server/http/hub-of';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: hubConsoles,
    handler: ({ runtime, actor }) => hubOf(runtime).consoles(actor),
  }),
});
