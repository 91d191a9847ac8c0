// Prometheus' text format, for a scraper with a viewer's key: of the links that it may see.
import { defineRoute } from '@/server/http/define-route';
import { Download } from '@/server/http/download';
import { methods } from '@/server/http/methods';
import { CONTENT_TYPE } from '@/server/metrics/exposition';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    response: null,
    downloads: [CONTENT_TYPE],
    handler: async ({ runtime, actor }) => {
      const text = await runtime.monitored.exposition(actor);
      return new Download({ body: new Blob([text]).stream(), contentType: CONTENT_TYPE, fileName: null });
    },
  }),
});
