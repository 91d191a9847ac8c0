import { expect, it } from 'vitest';
import { configRows } from './configs';
import { readTopicConfigs } from './topic-configs';

it('configs come by name, each with where it comes from, also from where no release known here takes them', () => {
  const told = [
    { name: 'segment.ms', value: '1', source: 5 },
    { name: 'retention.ms', value: '2', source: 1 },
    { name: 'of.a.group', value: '3', source: 8 },
    { name: 'a.secret', value: null, source: 4 },
    { name: 'max.message.bytes', value: '4', source: 3 },
    { name: 'retention.bytes', value: '5', source: 2 },
  ];
  expect(configRows(told).map(({ name, value, source }) => `${name} ${value} ${source}`)).toEqual([
    'a.secret null BROKER_FILE',
    'max.message.bytes 4 ALL_BROKERS',
    'of.a.group 3 OTHER',
    'retention.bytes 5 BROKER',
    'retention.ms 2 TOPIC',
    'segment.ms 1 DEFAULT',
  ]);
});

it('says that nobody is there to be asked, and what to do', async () => {
  const client = { name: 'east', where: (id: number) => `broker ${id} of east` };
  await expect(readTopicConfigs({ client, lanes: [], topic: 'orders', now: Date.now })).rejects.toThrow(
    'The configs of topic "orders" could not be read: no broker of east is in service. Read them again in some seconds, or test the connection of cluster "east".',
  );
});
