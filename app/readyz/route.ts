// Does the engine run, so that links are worked? 503 with the reason until it does.
import { health } from '@/lib/contracts/api';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'anonymous',
    probe: true,
    response: health,
    status: ({ status }) => (status === 'OK' ? 200 : 503),
    handler: ({ runtime }) =>
      runtime.hub || runtime.engine.status === 'RUNNING'
        ? { status: 'OK' as const, reason: null }
        : { status: 'NOT_READY' as const, reason: `The engine is ${runtime.engine.status.toLowerCase()}.` },
  }),
});
