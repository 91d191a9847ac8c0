// The audit log as a file, entry by entry: JSON lines for programs, CSV for spreadsheets. Reads on only as fast as it is
// taken, so a million entries need no more memory than one slice; the export itself is audited.
import type { AuditEntryDetail, AuditFilter } from '@/lib/contracts/audit';
import type { Actor } from './actor';
import type { AuditPort } from './audit';
import type { AuditViews } from './audit-views';

export type ExportFormat = 'jsonl' | 'csv';

const sliceRows = 500;

const columns: [string, (entry: AuditEntryDetail) => string | number | null][] = [
  ['row', (e) => e.seq],
  ['time', (e) => new Date(e.at).toISOString()],
  ['actor_kind', (e) => e.actor.kind],
  ['actor_id', (e) => e.actor.id],
  ['actor', (e) => e.actor.name],
  ['session', (e) => e.actor.sessionId],
  ['address', (e) => e.actor.address],
  ['operation', (e) => e.operation],
  ['object_type', (e) => e.object.type],
  ['object', (e) => e.object.name],
  ['cluster', (e) => e.cluster],
  ['destination', (e) => e.destination],
  ['link', (e) => e.link],
  ['severity', (e) => e.severity],
  ['reason', (e) => e.reason],
  ['outcome', (e) => e.outcome],
  ['ended', (e) => (e.endedAt === null ? null : new Date(e.endedAt).toISOString())],
  ['message', (e) => e.message],
  ['request_id', (e) => e.requestId],
  ['operation_id', (e) => e.operationId],
  ['details', (e) => json(e.details)],
  ['before', (e) => json(e.before)],
  ['after', (e) => json(e.after)],
  ['proof', (e) => e.rows.map(({ seq, keyId, mac }) => `${seq}:${keyId}:${mac}`).join(' ')],
];

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** @returns the bytes; its end, whole or broken off, is recorded as the outcome of the export */
export async function exportAudit(options: {
  audit: AuditPort;
  views: AuditViews;
  actor: Actor;
  filter: AuditFilter;
  format: ExportFormat;
}): Promise<ReadableStream<Uint8Array>> {
  const { audit, views, actor, filter, format } = options;
  const { end } = await audit.begin({
    actor,
    operation: 'export audit log',
    target: { type: 'auditLog', name: 'audit log', scope: { kind: 'everywhere' } },
    details: { format, filter },
  });
  const slices = views.each(actor, filter, sliceRows);
  const encoder = new TextEncoder();
  let entries = 0;
  let begun = false;
  const done = (result: 'OK' | 'FAILED', message?: string) =>
    end({ result, details: { entries }, ...(message ? { message } : {}) });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (!begun && format === 'csv') controller.enqueue(encoder.encode(csvHeader));
          const asked = begun || format !== 'csv';
          begun = true;
          if (!asked) return;
          const { value, done: over } = await slices.next();
          if (over) {
            await done('OK');
            controller.close();
            return;
          }
          entries += value.length;
          controller.enqueue(encoder.encode(value.map(format === 'csv' ? csvLine : jsonLine).join('')));
        } catch (error) {
          await done('FAILED', error instanceof Error ? error.message : String(error));
          throw error;
        }
      },
      async cancel() {
        await slices.return(undefined);
        await done('FAILED', `The download was broken off after ${entries} entries.`);
      },
    },
    { highWaterMark: 1 },
  );
}

const jsonLine = (entry: AuditEntryDetail): string => `${JSON.stringify(entry)}\n`;

export const csvHeader = `${columns.map(([name]) => name).join(',')}\r\n`;

export function csvLine(entry: AuditEntryDetail): string {
  return `${columns.map(([, cell]) => csvCell(cell(entry))).join(',')}\r\n`;
}

/** RFC 4180; and what a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection). */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text =
    typeof value === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
