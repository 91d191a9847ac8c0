// The engine dies between the last look at the source's configs and the fence: the next one sets what was in force there, not what was once stored. About 10 s.
import { expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import { askToEnd } from '@/harness/link-under-test';
import { produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { alterConfig, createTopic, describeConfig } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });
const { engine } = linkSuite({ source, destination, name: 'killed' });

it('a promote whose engine died in front of the fence sets the configs that it had read last', async () => {
  const topic = uniqueName('configs');
  const { bootstrap } = source();
  await createTopic({ bootstrap, topic, configs: { 'retention.ms': '3600000' } });
  await produce({ bootstrap, records: { topic, count: 20 } });
  const e = engine({ topics: [topic] });
  e.start();
  await e.caughtUp();
  await waitFor('its configs are stored', () => Boolean(e.desired.mirrors[0]?.advice));
  await alterConfig({ bootstrap, topic, configs: { 'retention.ms': '-1' } });
  let killed = false;
  e.onOperation = (message) => {
    if (message.id === null || !message.fencing || killed) return 'answer';
    killed = true;
    void e.kill();
    return 'keep';
  };
  askToEnd(e.desired, topic, 'PROMOTE', { quietMs: 300 }, 'promote-1');
  e.send();
  await waitFor('the engine is killed', () => killed);
  await e.kill();
  e.start();
  await waitFor('it is stopped', () => e.operations.get(topic)?.outcome === 'DONE');
  const there = await describeConfig({ bootstrap: destination().bootstrap, topic });
  expect(there['retention.ms']).toBe('-1');
});
