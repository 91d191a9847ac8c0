// The audit log as a file, streamed. Itself audited.
import { auditExportQuery } from '@/lib/contracts/audit';
import { exportAudit } from '@/server/access/audit-export';
import { defineRoute } from '@/server/http/define-route';
import { Download } from '@/server/http/download';
import { methods } from '@/server/http/methods';

const types = { jsonl: 'application/x-ndjson; charset=utf-8', csv: 'text/csv; charset=utf-8' };

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    query: auditExportQuery,
    response: null,
    downloads: Object.values(types),
    handler: async ({ runtime, actor, query: { format, ...filter } }) => {
      const { audit, auditViews: views } = runtime;
      const body = await exportAudit({ audit, views, actor, filter, format });
      const at = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
      return new Download({ body, contentType: types[format], fileName: `landbridge-audit-${at}.${format}` });
    },
  }),
});
