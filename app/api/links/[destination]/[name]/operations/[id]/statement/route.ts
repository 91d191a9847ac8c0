// What a stopped topic holds of its source and what it does not, as a file.
import { statementQuery } from '@/lib/contracts/operation';
import { statementCsv } from '@/server/control/operation-views';
import { defineRoute } from '@/server/http/define-route';
import { Download } from '@/server/http/download';
import { methods } from '@/server/http/methods';
import { operationPath } from '@/server/http/path-params';

const types = { json: 'application/json; charset=utf-8', csv: 'text/csv; charset=utf-8' };

export const { GET, POST, PUT, PATCH, DELETE } = methods({
  GET: defineRoute({
    access: 'viewer',
    params: operationPath,
    query: statementQuery,
    response: null,
    downloads: Object.values(types),
    handler: async ({ runtime, actor, params: { id, ...link }, query: { format } }) => {
      const statement = await runtime.operations.statement(actor, link, id);
      const text = format === 'csv' ? statementCsv(statement) : `${JSON.stringify(statement, null, 2)}\n`;
      const at = new Date(statement.at).toISOString().slice(0, 19).replaceAll(':', '-');
      // Topic names hold letters, digits, dots, underscores and hyphens only.
      const fileName = `landbridge-${statement.kind.toLowerCase()}-${statement.topic}-${at}.${format}`;
      return new Download({ body: new Blob([text]).stream(), contentType: types[format], fileName });
    },
  }),
});
