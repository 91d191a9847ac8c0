// Is the process alive and its store open? Says nothing about clusters.
import { health } from '@/lib/contracts/api';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'anonymous',
    probe: true,
    response: health,
    handler: () => ({ status: 'OK' as const, reason: null }),
  }),
});
