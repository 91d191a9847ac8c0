// Charts of a page under one range and one cross-hair.
'use client';
import { useId } from 'react';
import { Panel } from '@/components/ui/panel';
import { HistoryChart, type HistoryChartProps } from './history-chart';
import { RangePicker, useHistoryRanges, useRange } from './ranges';

export function HistoryPanel({ charts }: { charts: readonly HistoryChartProps[] }) {
  const ranges = useHistoryRanges();
  const range = useRange(ranges);
  const syncKey = useId();
  return (
    <Panel title="History" id="history" aside={<RangePicker ranges={ranges} />}>
      <div className="grid grid-cols-1 pb-2 lg:grid-cols-2">
        {charts.map((chart) => (
          <HistoryChart key={chart.title} {...chart} range={range} syncKey={syncKey} />
        ))}
      </div>
    </Panel>
  );
}
