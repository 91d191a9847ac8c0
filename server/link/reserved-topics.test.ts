import { expect, it } from 'vitest';
import { reservedTopicMessage } from './reserved-topics';

it.each([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
  '__cluster_metadata',
  '__remote_log_metadata',
  'landbridge-check-x',
])('%s can be neither source nor mirror', (topic) => {
  expect(reservedTopicMessage(topic)).toContain(topic);
});

it.each(['orders', '_schemas', '__debezium-heartbeat.shop', 'landbridge'])('%s can be mirrored', (topic) => {
  expect(reservedTopicMessage(topic)).toBeNull();
});
