// An engine that is killed at every point of a promote where the store could know something else than the clusters: the next one does the rest, and there
// is one fence. About 15 s; LANDBRIDGE_FULL=1 kills it at all points.
import { expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import { askToEnd } from '@/harness/link-under-test';
import { produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic, listOffsets } from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });
const { engine, same, traffic } = linkSuite({ source, destination, name: 'killed' });

type At = { fencing: boolean; outcome: string | null; fences: number };
type Cut = { what: string; stored: boolean; at: (message: At) => boolean; fencing: boolean };

const fenced = ({ fences, outcome }: At) => fences === 3 && outcome === null;
/** The two that would show a second fence, or none. */
const hardest: Cut[] = [
  {
    what: 'when the store knows, before the fence',
    stored: true,
    at: ({ fencing }) => fencing,
    fencing: true,
  },
  { what: 'with a fence that nobody knows of', stored: false, at: fenced, fencing: true },
];
const cuts: Cut[] =
  process.env.LANDBRIDGE_FULL === '1'
    ? [
        { what: 'before the store knows of it', stored: false, at: ({ fencing }) => fencing, fencing: false },
        ...hardest,
        { what: 'with a fence that is known', stored: true, at: fenced, fencing: true },
        {
          what: 'when all is done and nobody knows',
          stored: false,
          at: ({ outcome }) => outcome === 'DONE',
          fencing: true,
        },
      ]
    : hardest;

it('a promote is carried on by each next engine, whatever the one before it had done and not told', async () => {
  const topic = uniqueName('killed');
  const { bootstrap } = source();
  await createTopic({ bootstrap, topic, partitions: 3 });
  const running = await traffic({ records: { topic }, ratePerSecond: 300 });
  const e = engine({ topics: [topic] });
  e.start();
  await e.goesOn(100);
  askToEnd(e.desired, topic, 'PROMOTE', {}, 'promote-1');
  e.send();
  await waitFor('it drains', () => e.operations.get(topic)?.steps[1]?.state === 'RUNNING');
  await e.kill();
  const killedAt = ['drain'];
  /** Each message that must be stored, in order; `stored` decides what the store has when the engine dies. */
  const cut = async (what: string, stored: boolean, at: (message: At) => boolean) => {
    e.onOperation = (message) => {
      const fences = message.statement?.partitions.filter(({ fence }) => fence !== null).length ?? 0;
      if (message.id === null || !at({ ...message, fences })) return 'answer';
      killedAt.push(what);
      void e.kill();
      return stored ? 'keep' : 'lose';
    };
    const before = killedAt.length;
    e.start();
    await waitFor(`the engine is killed: ${what}`, () => killedAt.length > before);
    await e.kill();
  };
  await running.stop();
  for (const { what, stored, at, fencing } of cuts) {
    await cut(what, stored, at);
    expect(e.desired.mirrors[0]?.ending?.fencing).toBe(fencing);
  }
  e.onOperation = null;
  e.start();
  await waitFor('it is stopped', () => e.operations.get(topic)?.outcome === 'DONE');
  expect(killedAt).toHaveLength(cuts.length + 1);
  const at = await listOffsets({ bootstrap, topic, at: 'latest' });
  const there = await listOffsets({ bootstrap: destination().bootstrap, topic, at: 'latest' });
  expect([...there.values()]).toEqual([...at.values()].map((end) => end + 1n));
  const statement = e.operations.get(topic)?.statement;
  expect(statement).toMatchObject({ missing: '0' });
  expect(statement?.partitions.map(({ fence }) => fence)).toEqual([...at.values()].map(String));
  await same(topic, { expectMirrorEnd: 'any' });
});

it('a failover whose engine died in front of the fence says what others wrote meanwhile, and what the log has lost', async () => {
  const topics = [uniqueName('written-to'), uniqueName('cut')];
  const [written, cut] = topics as [string, string];
  const [{ bootstrap }, there] = [source(), destination().bootstrap];
  for (const topic of topics) {
    await createTopic({ bootstrap, topic });
    await produce({ bootstrap, records: { topic, count: 50 } });
  }
  const e = engine({ topics });
  e.start();
  await e.caughtUp();
  e.onOperation = ({ id }) => (id === null ? 'answer' : 'keep');
  for (const topic of topics) askToEnd(e.desired, topic, 'FAILOVER', {}, `failover-${topic}`);
  e.send();
  const endings = () => e.desired.mirrors.flatMap(({ ending }) => ending ?? []);
  await waitFor('the store knows', () => endings().every(({ fencing }) => fencing));
  await e.kill();
  await produce({ bootstrap: there, records: { topic: written, count: 1 } });
  // As if the destination's leader had had five more then.
  for (const told of endings().find(({ operationId }) => operationId.endsWith(cut))?.statement?.partitions ??
    [])
    Object.assign(told, { mirrorEnd: '55', sourceEnd: '55', sourceLastStable: '55' });
  e.onOperation = null;
  e.start();
  await waitFor('both are stopped', () =>
    topics.every((topic) => e.operations.get(topic)?.outcome === 'DONE'),
  );
  const of = (topic: string) => e.operations.get(topic)?.statement;
  expect(of(written)?.partitions[0]).toMatchObject({
    ...{ mirrorEnd: '50', fence: '51', missing: '0' },
    note: 'Offsets 50 to 50 were written by somebody else before the fence.',
  });
  expect(of(cut)?.partitions[0]).toMatchObject({
    ...{ mirrorEnd: '50', fence: '50', missing: '5' },
    note: expect.stringContaining('Offsets 50 to 54 were there when it had settled, and are lost'),
  });
});
