// The metric of an alert around the moment: what it did before and after, the limit, and when it was raised and over.
'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { chartColumns, type Labels, noteOf } from '@/components/charts/history-columns';
import { TimeSeries } from '@/components/charts/time-series';
import { thingsOf } from '@/components/health/paths';
import { apiPath, failureFrom, request } from '@/components/shell/api-client';
import { HISTORY_POLL_MS } from '@/components/shell/intervals';
import { serverNow } from '@/components/shell/server-clock';
import { Panel } from '@/components/ui/panel';
import { Bar, Loading } from '@/components/ui/skeleton';
import type { AlertRow } from '@/lib/contracts/monitoring/alerts';
import { historyAnswer } from '@/lib/contracts/monitoring/history';
import type { RuleInfo } from '@/lib/contracts/monitoring/rules';
import { formatAge } from '@/lib/format';
import { amount } from '@/lib/monitoring/amount';
import { isMetricName, type MetricName } from '@/lib/monitoring/metrics';
import { chartTitle, formatOf, isRate, seriesLabels, windowOf } from './moment';

const POINTS = 400;
const SERIES = 8;
const HEIGHT_PX = 220;

export function AlertChart({ alert, rule }: { alert: AlertRow; rule: RuleInfo | undefined }) {
  const metric = rule?.metrics[0];
  return (
    <Panel title="Around the moment" id="chart">
      {rule && metric !== undefined && isMetricName(metric) ? (
        <Chart alert={alert} metric={metric} drawn={rule.drawn} />
      ) : (
        <div className="px-4 py-3" style={{ minHeight: HEIGHT_PX }}>
          {rule ? (
            <p className="text-soft">This console does not know the metric {metric ?? 'of its rule'}.</p>
          ) : (
            <Bar className="h-40 w-full" />
          )}
        </div>
      )}
    </Panel>
  );
}

function Chart({ alert, metric, drawn }: { alert: AlertRow; metric: MetricName; drawn: boolean }) {
  const { createdAt, clearedAt, threshold, unit, counted, labels } = alert;
  const query = useMoment(alert, metric);
  const nameOf = useCallback(
    (of: Labels) =>
      Object.entries(of)
        .filter(([name]) => labels[name] === undefined)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ') ||
      thingsOf(of)[0]?.name ||
      'Landbridge',
    [labels],
  );
  const marks = useMemo(
    () => [
      { atMs: createdAt, label: 'raised' },
      ...(clearedAt === null ? [] : [{ atMs: clearedAt, label: 'cleared' }]),
    ],
    [createdAt, clearedAt],
  );
  const { data } = query;
  const columns = useMemo(() => (data ? chartColumns(data, nameOf) : null), [data, nameOf]);
  const failure = failureFrom(query.error);
  const title = chartTitle(metric);
  const format = useMemo(() => formatOf(metric), [metric]);
  if (data && columns && columns.series.length > 0)
    return (
      <TimeSeries
        title={title}
        {...columns}
        rangeMs={data.toMs - data.fromMs}
        toMs={data.toMs}
        format={format}
        limit={
          drawn && threshold !== null
            ? { value: threshold, label: `limit ${amount(threshold, unit, counted)}` }
            : null
        }
        marks={marks}
        note={[failure?.message, noteOf(data)].filter(Boolean).join(' · ') || null}
        height={HEIGHT_PX}
      />
    );
  return (
    <div style={{ minHeight: HEIGHT_PX }} className="flex flex-col gap-2 px-4 py-3">
      <h3 className="font-medium">{title}</h3>
      {data ? (
        <p className="text-soft">
          {data.keptFromMs === null
            ? 'Nothing is recorded yet.'
            : `Nothing was recorded of it around this moment. History begins ${formatAge(serverNow() - data.keptFromMs)}.`}
        </p>
      ) : failure ? (
        <p className="break-words text-bad">{failure.message}</p>
      ) : (
        <Loading label="Loading the chart">
          <Bar className="h-40 w-full" />
        </Loading>
      )}
    </div>
  );
}

function useMoment({ createdAt, clearedAt, labels, console }: AlertRow, metric: MetricName) {
  return useQuery({
    queryKey: ['history', 'alert', metric, console, labels, createdAt, clearedAt],
    queryFn: ({ signal }) => {
      const nowMs = serverNow();
      const { fromMs, toMs } = windowOf(createdAt, clearedAt, nowMs);
      const search = new URLSearchParams({
        metric,
        labels: JSON.stringify(seriesLabels(metric, labels)),
        fromMs: String(fromMs),
        toMs: String(toMs ?? nowMs),
        maxPoints: String(POINTS),
        limit: String(SERIES),
        order: 'max',
        rate: isRate(metric) ? '1' : '0',
      });
      const path = console === '' ? '/api/history' : apiPath('hub', 'consoles', console, 'history');
      return request(`${path}?${search}`, historyAnswer, { signal });
    },
    // One whose time is over does not change any more.
    refetchInterval: () =>
      windowOf(createdAt, clearedAt, serverNow()).toMs === null ? HISTORY_POLL_MS : false,
    placeholderData: keepPreviousData,
  });
}
