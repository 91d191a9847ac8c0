// The records that only the old side has, as a file of JSON lines. Contents of records: for approvers, and audited.
import { divergedQuery } from '@/lib/contracts/failback';
import { defineRoute } from '@/server/http/define-route';
import { Download } from '@/server/http/download';
import { methods } from '@/server/http/methods';
import { mirrorPath } from '@/server/http/path-params';

const contentType = 'application/x-ndjson; charset=utf-8';

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'approver',
    params: mirrorPath,
    query: divergedQuery,
    response: null,
    downloads: [contentType],
    handler: async ({ runtime, actor, params, query }) => {
      const body = await runtime.failbacks.records(actor, params, query.reason ?? null);
      const at = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
      // Topic names hold letters, digits, dots, underscores and hyphens only.
      const fileName = `landbridge-diverged-${params.topic}-${at}.ndjson`;
      return new Download({ body, contentType, fileName });
    },
  }),
});
