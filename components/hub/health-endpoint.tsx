// Settings → Health endpoint: who takes this console's reports and metrics, how that goes, and exactly what leaves next.
'use client';
import { SettingsTabs } from '@/components/access/settings-tabs';
import { Age } from '@/components/shell/age';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { ReducedNote } from '@/components/shell/reduced-note';
import { Empty } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { EndpointStatus, OtlpStatus, ReportPreview } from '@/lib/contracts/monitoring/health-report';
import { formatBytes, formatDuration, groupDigits, plural } from '@/lib/format';
import { EndpointHead } from './endpoint-state';
import { useReportPreview } from './queries';

export function HealthEndpoint() {
  const query = useReportPreview();
  return (
    <Page>
      <PageHeader title="Health endpoint" />
      <SettingsTabs />
      <ReducedNote of="overview" />
      <QueryView
        query={query}
        what="the health reports"
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={3} widths={['w-64', 'w-24']} />
          </div>
        }
      >
        {(preview) => (
          <>
            {preview.reporting ? <Reports preview={preview} /> : <NoReports otlp={preview.otlp !== null} />}
            {preview.otlp ? <OpenTelemetry otlp={preview.otlp} /> : null}
            {preview.reporting ? <NextReport preview={preview} /> : null}
          </>
        )}
      </QueryView>
    </Page>
  );
}

function NoReports({ otlp }: { otlp: boolean }) {
  return (
    <Empty title={otlp ? 'No health reports' : 'Nothing is reported'}>
      {otlp ? '' : 'No numbers leave this console. '}
      LANDBRIDGE_HEALTH_ENDPOINT sends them to a hub, or to any address that takes JSON or OTLP
      (docs/reduced-mode.md)
      {otlp
        ? '.'
        : '; LANDBRIDGE_OTLP_ENDPOINT sends what /metrics tells to an OpenTelemetry Collector (docs/metrics.md).'}
    </Empty>
  );
}

function OpenTelemetry({ otlp: { endpoint, intervalMs, last } }: { otlp: OtlpStatus }) {
  return (
    <Panel title="OpenTelemetry" id="otlp">
      <ul>
        <Endpoint endpoint={endpoint} unit="request" />
      </ul>
      <p className="border-t px-4 py-2 text-[13px] text-soft">
        Every {formatDuration(intervalMs / 1000)} over OTLP, all that /metrics tells; names of topics are told
        as they are. Never the content of records.{' '}
        {last === null ? (
          'Nothing was seen yet.'
        ) : (
          <>
            Last <Age at={last.at} />: {plural(last.points, 'point')} in {plural(last.requests, 'request')},{' '}
            {formatBytes(last.bytes)}, {formatBytes(last.gzipBytes)} as sent.
          </>
        )}
      </p>
    </Panel>
  );
}

function Reports({ preview }: { preview: ReportPreview }) {
  const { endpoints, format, intervalMs, topicNames, metrics } = preview;
  return (
    <Panel title="Endpoints" id="endpoints">
      <ul>
        {endpoints.map((endpoint) => (
          <Endpoint key={endpoint.address} endpoint={endpoint} unit="report" />
        ))}
      </ul>
      <p className="border-t px-4 py-2 text-[13px] text-soft">
        Every {formatDuration(intervalMs / 1000)} as {format === 'json' ? 'JSON' : 'OTLP'};{' '}
        {plural(metrics.length, 'metric')}; names of topics are{' '}
        {topicNames === 'plain' ? 'told as they are' : topicNames === 'hashed' ? 'hashed' : 'left out'}. Never
        the content of records.
      </p>
    </Panel>
  );
}

function NextReport({ preview: { of, body, bytes, gzipBytes } }: { preview: ReportPreview }) {
  return (
    <Panel
      title={of === 'WAITING' ? 'The oldest report that waits' : 'The report that would leave now'}
      id="preview"
      aside={
        bytes === null ? null : (
          <span className="text-[13px] text-soft">
            {formatBytes(bytes)}
            {gzipBytes === null ? '' : `, ${formatBytes(gzipBytes)} as sent`}
          </span>
        )
      }
    >
      {body === null ? (
        <p className="px-4 py-3 text-soft">Nothing was seen yet.</p>
      ) : (
        <div {...scrolls} className="max-h-[50vh] overflow-auto px-4 py-3">
          <pre className="font-mono text-[13px] break-all whitespace-pre-wrap">{body}</pre>
        </div>
      )}
    </Panel>
  );
}

/** What scrolls must be reachable from the keyboard. */
const scrolls = { tabIndex: 0, role: 'region', 'aria-label': 'Next report, as it is sent' };

/** `unit`: what is sent to it. */
function Endpoint({ endpoint, unit }: { endpoint: EndpointStatus; unit: 'report' | 'request' }) {
  const { why, lastAcceptedAt, waiting, waitingBytes, dropped, refused, nextTryAt } = endpoint;
  return (
    <li className="flex flex-col gap-1 border-b px-4 py-3 last:border-b-0">
      <EndpointHead endpoint={endpoint} />
      {why ? <span className="break-words">{why}</span> : null}
      <span className="text-[13px] text-soft">
        {lastAcceptedAt === null ? (
          `No ${unit} was taken since the start`
        ) : (
          <>
            Last {unit} taken <Age at={lastAcceptedAt} />
          </>
        )}
        {`; ${plural(waiting, unit)} waiting (${formatBytes(waitingBytes)}), ${groupDigits(dropped)} dropped, ${groupDigits(refused)} refused.`}
        {nextTryAt === null ? null : (
          <> Next try {formatDuration(Math.max(0, Math.round((nextTryAt - Date.now()) / 1000)))} from now.</>
        )}
      </span>
    </li>
  );
}
