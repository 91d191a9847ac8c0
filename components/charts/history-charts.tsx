// Lag and rate over time, one under the other's cross-hair, for links and mirrors alike.
'use client';
import { useId, useMemo } from 'react';
import { Panel } from '@/components/ui/panel';
import type { History } from '@/lib/contracts/link';
import { byteRateFormat, countFormat, secondsFormat } from './formats';
import { RangePicker, useRange } from './ranges';
import { TimeSeries } from './time-series';
import type { ChartSeries } from './uplot-options';

export function HistoryCharts({
  history,
  labels,
}: {
  history: History;
  /** What the lags are of: messages add up, of times the worst counts. */
  labels: { messages: string; seconds: string };
}) {
  const range = useRange();
  const syncKey = useId();
  const { timesMs } = history;
  const columns = useMemo(() => {
    const one = (label: string, values: (number | null)[], tone: ChartSeries['tone']): ChartSeries[] => [
      { label, values, tone },
    ];
    return {
      lagMessages: [
        ...one('messages', history.lagMessages, 'warn'),
        // Partitions that are not known are no fewer messages: what is left of the sum is no dip of it.
        ...(history.lagMessagesAtLeast ? one('at least', history.lagMessagesAtLeast, 'soft') : []),
      ],
      lagSeconds: one('time', history.lagSeconds, 'warn'),
      bytes: one('bytes', history.bytesPerSecond, 'accent'),
      records: one('records', history.recordsPerSecond, 'accent'),
    };
  }, [history]);
  const common = { timesMs, rangeMs: range.ms, syncKey };
  return (
    <Panel title="History" id="history" aside={<RangePicker />}>
      {timesMs.length === 0 ? (
        <p className="px-4 py-6 text-soft">
          No samples yet. They are taken every few seconds while the engine runs.
        </p>
      ) : (
        <div className="grid grid-cols-1 pb-2 lg:grid-cols-2">
          <TimeSeries {...common} title={labels.messages} series={columns.lagMessages} format={countFormat} />
          <TimeSeries {...common} title="Throughput" series={columns.bytes} format={byteRateFormat} />
          <TimeSeries {...common} title={labels.seconds} series={columns.lagSeconds} format={secondsFormat} />
          <TimeSeries {...common} title="Records per second" series={columns.records} format={countFormat} />
        </div>
      )}
    </Panel>
  );
}
