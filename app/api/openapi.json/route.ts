// The OpenAPI document of /api, made from the contracts that its routes check.
import { apiError } from '@/lib/contracts/common';
import { defineRoute } from '@/server/http/define-route';
import { methods } from '@/server/http/methods';
import { describedRoutes, openApiDocument, openApiJson } from '@/server/http/openapi/document';
import { modules } from './modules';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: openApiJson,
    handler: ({ runtime }) =>
      openApiDocument(describedRoutes(Object.entries(modules)), {
        title: 'Landbridge API',
        version: runtime.version,
        description: 'What the console is built on. Offsets and sizes are decimal strings.',
        server: '/api',
        error: apiError,
      }),
  }),
});
