// Where a mirror differs from its source, as a file: offsets, times, sizes and checksums, no contents.
import { defineRoute } from '@/server/http/define-route';
import { Download } from '@/server/http/download';
import { methods } from '@/server/http/methods';
import { mirrorPath } from '@/server/http/path-params';

const contentType = 'application/json; charset=utf-8';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: mirrorPath,
    response: null,
    downloads: [contentType],
    handler: async ({ runtime, actor, params }) => {
      const partitions = await runtime.verification.differences(actor, params);
      const { destination, name: link, topic } = params;
      const text = JSON.stringify({ link, destination, topic, partitions }, null, 2);
      return new Download({
        body: new Blob([`${text}\n`]).stream(),
        contentType,
        fileName: `landbridge-difference-${topic}.json`,
      });
    },
  }),
});
