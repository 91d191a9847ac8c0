// All clusters of all consoles that the actor may see, worst first.
import { hubClusters } from '@/lib/contracts/hub';
import { defineRoute } from '@/server/http/define-route';
import { hubOf } from '@/server/http/hub-of';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: hubClusters,
    handler: ({ runtime, actor }) => hubOf(runtime).clusters(actor),
  }),
});
