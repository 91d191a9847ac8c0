// Reads series of a metric over a range from the history, again and again while the page is open.
'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { apiPath, request } from '@/components/shell/api-client';
import { HISTORY_POLL_MS } from '@/components/shell/intervals';
import { serverNow } from '@/components/shell/server-clock';
import { historyAnswer } from '@/lib/contracts/monitoring/history';
import type { MetricName } from '@/lib/monitoring/metrics';
import type { Range } from './ranges';

/** About as many points as a chart has pixels to tell apart. */
const POINTS = 400;
/** More lines in one chart nobody tells apart. */
export const SERIES_SHOWN = 8;

export type HistorySource = {
  /** On a hub: whose history. */
  console?: string;
  metric: MetricName;
  labels: Readonly<Record<string, string>>;
  /** Of a counter: growth a second. */
  rate?: boolean;
  /** One series for each value of these labels, made with `aggregate`. */
  by?: string;
  aggregate?: 'sum' | 'max' | 'min' | 'mean';
};

export function useHistory(source: HistorySource, range: Range) {
  const { console, metric, labels, rate = false, by, aggregate } = source;
  const path = console === undefined ? '/api/history' : apiPath('hub', 'consoles', console, 'history');
  return useQuery({
    queryKey: ['history', console ?? null, metric, labels, range.key, rate, by, aggregate],
    queryFn: ({ signal }) => {
      const toMs = serverNow();
      const search = new URLSearchParams({
        metric,
        labels: JSON.stringify(labels),
        fromMs: String(toMs - range.ms),
        toMs: String(toMs),
        maxPoints: String(POINTS),
        limit: String(SERIES_SHOWN),
        rate: rate ? '1' : '0',
        ...(aggregate ? { aggregate, by: by ?? '' } : {}),
      });
      return request(`${path}?${search}`, historyAnswer, { signal });
    },
    refetchInterval: Math.max(HISTORY_POLL_MS, range.ms / POINTS),
    placeholderData: keepPreviousData,
  });
}
