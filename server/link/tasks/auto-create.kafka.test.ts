// Topics that appear at a source and are mirrored by themselves, on real brokers. About 10 s.
import { describe, expect, it } from 'vitest';
import { linkSuite } from '@/harness/link-suite';
import { produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import { createTopic } from '@/harness/topics';
import type { NameFilter } from '@/lib/contracts/name-filters';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });

const { link } = linkSuite({ source, destination, name: 'auto' });

const filtersOf = (...topicFilters: NameFilter[]) => JSON.stringify({ topicFilters });
const including = (name: string, patternType: NameFilter['patternType']): NameFilter => ({
  ...{ name, patternType },
  filterType: 'INCLUDE',
});
const topicWith = async (topic: string, count = 50) => {
  await createTopic({ bootstrap: source().bootstrap, topic, partitions: 2 });
  await produce({ bootstrap: source().bootstrap, records: { topic, count } });
};

describe('AutoCreateMirror', () => {
  it('mirrors what the filters include under the prefix, what appears later too, and not what they exclude', async () => {
    const shop = uniqueName('shop');
    await topicWith(`${shop}.orders`);
    await topicWith(`${shop}.secrets`, 1);
    await topicWith(`_${shop}`, 1);
    const exclude: NameFilter = { name: `${shop}.secret`, patternType: 'PREFIXED', filterType: 'EXCLUDE' };
    const l = link({
      topics: [],
      settings: {
        'cluster.link.prefix': 'west.',
        'auto.create.mirror.topics.enable': true,
        'auto.create.mirror.topics.filters': filtersOf(
          including(shop, 'PREFIXED'),
          including(`_${shop}`, 'LITERAL'),
          exclude,
        ),
      },
    });
    const mirrored = () => [...l.runner.topics.keys()].sort();
    await l.until('the first two are mirrored', () => mirrored().length === 2);
    await topicWith(`${shop}.returns`);
    await l.until('the third is, too', () => mirrored().length === 3);
    expect(mirrored()).toEqual([`west._${shop}`, `west.${shop}.orders`, `west.${shop}.returns`]);
    await l.caughtUp();
    const task = l.runner.tasks.find(({ name }) => name === 'AutoCreateMirror');
    expect(task).toMatchObject({ state: 'ACTIVE', errors: [] });
  });

  it('leaves a topic of that name on the destination alone, says so, and mirrors the others', async () => {
    const name = uniqueName('taken');
    await topicWith(name);
    await topicWith(`${name}.free`);
    await createTopic({ bootstrap: destination().bootstrap, topic: name, partitions: 2 });
    const l = link({
      topics: [],
      settings: {
        'auto.create.mirror.topics.enable': true,
        'auto.create.mirror.topics.filters': filtersOf(including(name, 'PREFIXED')),
      },
    });
    const task = () => l.runner.tasks.find((one) => one.name === 'AutoCreateMirror');
    await l.until('it says so', () => task()?.state === 'IN_ERROR');
    expect(task()?.errors).toEqual([
      { code: 'TOPIC_EXISTS_ERROR', message: expect.stringContaining('stands on destination already') },
    ]);
    await l.until('the other one is mirrored', () => l.runner.topics.has(`${name}.free`));
    expect(l.runner.topics.has(name)).toBe(false);
    await l.caughtUp();
  });

  it('says that filters are missing where none includes anything', async () => {
    const l = link({ topics: [], settings: { 'auto.create.mirror.topics.enable': true } });
    const task = () => l.runner.tasks.find((one) => one.name === 'AutoCreateMirror');
    await l.until('it says so', () => task()?.state === 'IN_ERROR');
    expect(task()?.errors[0]?.code).toBe('MISCONFIGURATION_ERROR');
  });
});
