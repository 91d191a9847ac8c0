// A rule for tests of Health's pages, as the server describes one.
import type { LibraryEntry } from '@/lib/contracts/monitoring/rules';

export const aRule = (over: Partial<LibraryEntry> = {}): LibraryEntry => ({
  id: 'group.lag-seconds',
  title: 'Consumer group is behind',
  area: 'groups',
  what: 'The first message that is not yet committed is old.',
  why: 'Whatever the application makes of its messages is that late.',
  steps: ['Look at the chart.', 'One partition or all?'],
  metrics: ['kafka_consumergroup_group_max_lag_seconds'],
  counted: null,
  drawn: true,
  labels: ['cluster', 'group'],
  raisedWhen: 'above',
  severities: ['WARN', 'ERROR'],
  thresholds: [
    { name: 'warn', unit: 'seconds', default: 600, min: 1, max: 31_536_000, help: 'Age.', severity: 'WARN' },
    {
      name: 'error',
      unit: 'seconds',
      default: 3600,
      min: 1,
      max: 31_536_000,
      help: 'Age.',
      severity: 'ERROR',
    },
  ],
  forSeconds: 120,
  clearForSeconds: 120,
  clear: '20 % below its step, for 2 min',
  causes: ['cluster.unreachable'],
  unit: 'seconds',
  counts: { OK: 1, PENDING: 0, RAISED: 0, UNKNOWN: 0, OFF: 0 },
  subjects: [],
  more: 0,
  overrides: [],
  ...over,
});
