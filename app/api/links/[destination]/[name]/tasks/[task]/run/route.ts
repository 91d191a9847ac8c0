// Runs one task of a link now, and answers how it went.
import { linkTask } from '@/lib/contracts/link-task';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { taskPath } from '@/server/http/path-params';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  POST: defineRoute({
    access: 'operator',
    params: taskPath,
    response: linkTask,
    handler: ({ runtime, actor, params }) => runtime.tasks.runNow(actor, params, params.task),
  }),
});
