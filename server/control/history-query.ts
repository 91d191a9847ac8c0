// What is asked of /api for a chart, as history takes it. Pure.
import type { HistoryParameters } from '@/lib/contracts/monitoring/history';
import type { MonitorRequest } from '@/lib/contracts/monitoring/thread';

type Query = Extract<MonitorRequest, { op: 'history' }>['query'];

export function queryOf({ aggregate, by, ...query }: HistoryParameters): Query {
  const labels = by === '' ? [] : by.split(',');
  return aggregate ? { ...query, aggregate: { with: aggregate, by: labels } } : query;
}
