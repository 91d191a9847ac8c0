// Brokers and their disks in the Grafana dashboard.
import { yesNo } from '../colours';
import type { Panel } from '../panel';
import { of, type Query, series } from '../query';
import { counted, lines, states } from './make';

const used: Query = {
  ...of('landbridge_log_dir_used_bytes'),
  expr: `${series('landbridge_log_dir_used_bytes')} / (${series('landbridge_log_dir_total_bytes')} > 0)`,
  unit: 'ratio',
};

export const brokers: Panel[] = [
  states('Brokers that answer', of('landbridge_broker_reachable'), yesNo(1)),
  states('Fenced brokers', of('landbridge_broker_fenced'), yesNo(0)),
  states('Log directories that are offline', of('landbridge_log_dir_offline'), yesNo(0)),
  lines('Latency of brokers', of('landbridge_broker_latency_seconds'), { rule: 'broker.latency' }),
  lines('Share of disks in use', used, { rule: 'broker.disk' }),
  lines('Logs of brokers on disk', of('landbridge_broker_log_bytes')),
  lines('Leaders of brokers', of('landbridge_broker_leaders')),
  lines('Replicas of brokers', of('landbridge_broker_replicas')),
  lines('Replicas not in sync', of('landbridge_broker_out_of_sync_replicas'), {
    rule: 'broker.replicas-behind',
  }),
  counted('Comings and goings of brokers', 'broker.flapping', { width: 24 }),
];
