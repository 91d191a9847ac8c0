// A broker falls silent for us in the middle of a sweep, while its cluster sees it well: it is not reachable in that very sweep. About 45 s.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { proxiedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { clusterConfig } from '@/lib/contracts/cluster';
import { describeLogDirs } from '@/server/kafka/wire/apis/describe-log-dirs';
import { topicEnds } from '@/server/kafka/wire/apis/topic-ends';
import type { ClusterSweep } from './sweep';
import { ClusterSweeper } from './sweeper';
import { observe } from './testing/observe';

const silent = 2;
const { cluster, proxy } = proxiedCluster({ name: 'falls-silent', brokers: 2 });
let sweeper: ClusterSweeper;

beforeAll(async () => {
  const { bootstrap } = cluster();
  const assignments = [
    [1, 2],
    [2, 1],
  ];
  await createTopic({ bootstrap, topic: uniqueName('silent'), assignments });
  sweeper = new ClusterSweeper(
    clusterConfig.parse({ name: 'east', bootstrapServers: bootstrap.split(',') }),
    () => {},
  );
});
afterEach(() => {
  proxy(silent).fate = () => 'arrives';
  proxy(silent).speak();
});
afterAll(() => sweeper.close());

const CLIENT = 'landbridge-monitor';
async function swept(): Promise<ClusterSweep> {
  await sweeper.sweep(10_000);
  if (!sweeper.last) throw new Error(sweeper.trouble ?? 'no sweep');
  return sweeper.last;
}
const all = () => waitFor('a whole sweep', async () => (await swept()).complete, { limitMs: 120_000 });
const reachable = (sweep: ClusterSweep) =>
  [1, 2].map((id) => observe(sweep).get(`landbridge_broker_reachable{cluster="east",broker="${id}"}`));
const silencedBy = (api: number) => {
  proxy(silent).fate = (request) => {
    if (request.clientId === CLIENT && request.api === api) proxy(silent).silence((id) => id === CLIENT);
    return 'arrives';
  };
};

it.each([
  ['is asked where its logs end', topicEnds.key],
  ['is asked for its disks', describeLogDirs.key],
])('a broker that falls silent when it %s is not reachable in that sweep', async (_, api) => {
  await all();
  const changes = sweeper.last?.brokers.find(({ id }) => id === silent)?.stateChanges ?? 0;
  silencedBy(api);
  const sweep = await swept();
  expect(reachable(sweep)).toEqual([1, 0]);
  expect(sweep.gaps.map(({ what, broker }) => `${what} ${broker}`)).toContain(`BROKERS ${silent}`);
  proxy(silent).fate = () => 'arrives';
  proxy(silent).speak();
  await waitFor('it to be reachable again', async () => reachable(await swept())[1] === 1);
  // It went once, and came back once.
  expect(sweeper.last?.brokers.find(({ id }) => id === silent)?.stateChanges).toBe(changes + 2);
});

it('a broker that is late with one answer only is reachable', async () => {
  await all();
  proxy(silent).fate = ({ clientId, api }) =>
    clientId === CLIENT && api === describeLogDirs.key ? 'answerLost' : 'arrives';
  const sweep = await swept();
  expect(reachable(sweep)).toEqual([1, 1]);
  expect(sweep.gaps.map(({ what, broker }) => `${what} ${broker}`)).toContain(`LOG_DIRS ${silent}`);
  expect(sweep.gaps.map(({ what }) => what)).not.toContain('BROKERS');
});
