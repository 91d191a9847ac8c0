// Consumer groups that move from one cluster to the other: what they are given there, and what the link leaves alone. About 35 s.

import { describe, expect, it } from 'vitest';
import { openConsumer, readAsShareGroup } from '@/harness/consume';
import { linkSuite } from '@/harness/link-suite';
import type { LinkUnderTest } from '@/harness/link-under-test';
import { openProducer, produce } from '@/harness/produce';
import { sharedCluster, uniqueName } from '@/harness/test-clusters';
import {
  commitGroupOffsets,
  createTopic,
  deleteGroupOffsets,
  deleteRecords,
  listGroupOffsets,
} from '@/harness/topics';
import { waitFor } from '@/harness/wait-for';
import { groupQuery } from '@/lib/contracts/consumer-group';

const source = sharedCluster({ name: 'source' });
const destination = sharedCluster({ name: 'destination' });
const { link, engine, atEnd } = linkSuite({ source, destination, name: 'groups' });

const from = () => ({ bootstrap: source().bootstrap });
const to = () => ({ bootstrap: destination().bootstrap });

/** Syncs groups by these names and no others. */
const settingsFor = (...groups: string[]) => ({
  'consumer.offset.sync.enable': true,
  // Runs are asked for.
  'consumer.offset.sync.ms': 3_600_000,
  'consumer.offset.group.filters': JSON.stringify({
    groupFilters: groups.map((name) => ({ name, patternType: 'LITERAL', filterType: 'INCLUDE' })),
  }),
});

async function topicWith(records: number, partitions = 1): Promise<string> {
  const topic = uniqueName('groups');
  await createTopic({ ...from(), topic, partitions });
  if (records > 0) await produce({ ...from(), records: { topic, count: records } });
  return topic;
}

/** One run of the sync; and what it said of a group. */
async function sync(l: LinkUnderTest, group: string) {
  let task = await l.runner.runTask('ConsumerOffsetSync');
  const result = () => l.runner.groups.results.get(group);
  // Coordinators of young clusters move, and are asked again by the next run.
  await waitFor('brokers know who coordinates', async () => {
    if (result()?.status !== 'IN_ERROR') return true;
    task = await l.runner.runTask('ConsumerOffsetSync');
    return false;
  });
  return { task, status: result()?.status, why: result()?.why ?? null, result: result() };
}

const commit = (topic: string, group: string, offset: bigint, metadata = '') =>
  commitGroupOffsets({ ...from(), topic, group, offsets: new Map([[0, offset]]), metadata });
const standsAt = async (topic: string, group: string) =>
  (await listGroupOffsets({ ...to(), group }))[topic]?.['0']?.offset;

describe.each(['classic', 'consumer'] as const)('a group of the %s protocol', (protocol) => {
  it('that stops at the source and goes on at the destination reads each record exactly once', async () => {
    const topic = await topicWith(0, 3);
    const group = uniqueName(`moving-${protocol}`);
    const producer = await openProducer({ ...from(), transactionalId: topic });
    atEnd(() => producer.close());
    const keys: string[] = [];
    for (let batch = 0; batch < 15; batch++) {
      const aborted = batch % 3 === 1;
      const names = Array.from({ length: 10 }, (_, i) => `${aborted ? 'aborted' : 'kept'}-${batch}-${i}`);
      await producer.begin();
      await producer.send(
        topic,
        names.map((key, i) => ({ partition: (batch + i) % 3, key, value: 'v' })),
      );
      await (aborted ? producer.abort() : producer.commit());
      if (!aborted) keys.push(...names);
    }
    const l = link({ topics: [topic], settings: settingsFor(group) });
    const options = { group, topics: [topic], protocol, maxPollRecords: 7 };
    const there = await openConsumer({ ...from(), ...options, reset: 'earliest' });
    const read = await there.poll(35);
    await there.commit();
    await there.close();
    expect(read.length).toBeLessThan(keys.length);
    await l.caughtUp();

    expect(await sync(l, group)).toMatchObject({ status: 'IN_STEP', why: null });
    const left = (await listGroupOffsets({ ...from(), group }))[topic] ?? {};
    const found = (await listGroupOffsets({ ...to(), group }))[topic] ?? {};
    expect(Object.keys(left)).toHaveLength(3);
    expect(Object.values(left).some(({ leaderEpoch }) => leaderEpoch >= 0)).toBe(true);
    for (const [partition, at] of Object.entries(left))
      expect(found[partition]).toEqual({ ...at, leaderEpoch: -1 });

    const here = await openConsumer({ ...to(), ...options, reset: 'none' });
    atEnd(() => here.close());
    read.push(...(await here.poll(keys.length - read.length)));
    // Nothing more comes.
    read.push(...(await here.poll(1, 500)));
    await here.commit();
    await here.close();
    expect(read.map(({ key }) => key).sort()).toEqual([...keys].sort());

    // Used here from now on, whatever the source does.
    const after = await listGroupOffsets({ ...to(), group });
    await commitGroupOffsets({ ...from(), topic, group, offsets: new Map([[0, 1n]]) });
    expect(await sync(l, group)).toMatchObject({ status: 'USED' });
    expect(await listGroupOffsets({ ...to(), group })).toEqual(after);
  });

  it('that has members on the destination is left alone until they are gone', async () => {
    const topic = await topicWith(20);
    const group = uniqueName(`busy-${protocol}`);
    const l = link({ topics: [topic], settings: settingsFor(group) });
    await l.caughtUp();
    const member = await openConsumer({ ...to(), group, topics: [topic], protocol, reset: 'earliest' });
    atEnd(() => member.close());
    expect(await member.poll(1)).not.toHaveLength(0);
    await commit(topic, group, 11n);
    const held = await sync(l, group);
    expect(held).toMatchObject({ status: 'BUSY', task: { state: 'IN_ERROR' } });
    expect(held.task.errors).toMatchObject([{ code: 'CONSUMER_GROUP_IN_USE_ERROR' }]);
    expect(held.why).toContain('has members on destination');
    expect(await standsAt(topic, group)).toBeUndefined();
    await member.close();
    await waitFor('the group is synced', async () => (await sync(l, group)).status === 'IN_STEP');
    expect(await standsAt(topic, group)).toBe(11n);
  });
});

describe('a group that is used on the destination', () => {
  it('is left alone also after a restart, until its offsets there are deleted', async () => {
    const topic = await topicWith(20);
    const group = uniqueName('used');
    await commit(topic, group, 5n, 'by the source');
    const first = link({ topics: [topic], settings: settingsFor(group) });
    await first.caughtUp();
    expect(await sync(first, group)).toMatchObject({ status: 'IN_STEP' });
    expect((await listGroupOffsets({ ...to(), group }))[topic]).toEqual({
      0: { offset: 5n, metadata: 'by the source', leaderEpoch: -1 },
    });
    await first.stop();

    const second = link({ topics: [topic], settings: settingsFor(group), facts: first });
    await second.caughtUp();
    await commit(topic, group, 6n);
    expect(await sync(second, group)).toMatchObject({ status: 'IN_STEP' });
    expect(await standsAt(topic, group)).toBe(6n);
    // By a client that knows no leader epochs.
    await commitGroupOffsets({ ...to(), topic, group, offsets: new Map([[0, 9n]]) });
    await commit(topic, group, 12n);
    const used = await sync(second, group);
    expect(used.status).toBe('USED');
    expect(used.why).toContain("partition 0 stands at 9, and the link's last commit is 6");
    expect(used.task.errors).toEqual([]);
    await second.stop();

    const third = link({ topics: [topic], settings: settingsFor(group), facts: second });
    await third.caughtUp();
    expect(await sync(third, group)).toMatchObject({ status: 'USED' });
    expect(await standsAt(topic, group)).toBe(9n);
    await deleteGroupOffsets({ ...to(), topic, group, partitions: [0] });
    expect(await sync(third, group)).toMatchObject({ status: 'IN_STEP' });
    expect(await standsAt(topic, group)).toBe(12n);
  });

  it('before the link came is not overwritten, even where it stands at the source’s offset', async () => {
    const topic = await topicWith(20);
    const group = uniqueName('earlier');
    await commit(topic, group, 5n);
    const settings = settingsFor(group);
    const l = link({ topics: [topic], settings: { ...settings, 'consumer.offset.sync.enable': false } });
    await l.caughtUp();
    await commitGroupOffsets({ ...to(), topic, group, offsets: new Map([[0, 5n]]) });
    l.change((desired) => Object.assign(desired.settings, settings));
    await l.until('it is switched on', () => l.runner.context.settings['consumer.offset.sync.enable']);
    expect(await sync(l, group)).toMatchObject({ status: 'USED' });
    await commit(topic, group, 8n);
    await sync(l, group);
    expect(await standsAt(topic, group)).toBe(5n);
  });
});

describe('what the mirror does not have', () => {
  it('is not committed: a group ahead of the mirror is held at its end, and raised as it gets on', async () => {
    const topic = await topicWith(20);
    const group = uniqueName('ahead');
    const l = link({ topics: [topic], settings: settingsFor(group) });
    await l.caughtUp();
    const pause = (paused: boolean) =>
      l.change((desired) => {
        for (const mirror of desired.mirrors) mirror.paused = paused;
      });
    pause(true);
    await l.until('it stands', () => l.mirror(topic).state === 'PAUSED');
    await produce({ ...from(), records: { topic, count: 30 } });
    await commit(topic, group, 50n);
    const held = await sync(l, group);
    expect(held).toMatchObject({ status: 'BEHIND' });
    expect(held.why).toContain('up to 20');
    expect(await standsAt(topic, group)).toBe(20n);
    pause(false);
    await l.caughtUp();
    expect(await sync(l, group)).toMatchObject({ status: 'IN_STEP' });
    expect(await standsAt(topic, group)).toBe(50n);
  });

  it('in front of its start is passed over, also after the start has moved', async () => {
    const topic = await topicWith(30);
    const group = uniqueName('behind');
    await commit(topic, group, 3n);
    await deleteRecords({ ...from(), topic, before: new Map([[0, 10n]]) });
    const l = link({ topics: [topic], settings: settingsFor(group) });
    await l.caughtUp();
    await l.until('it is ready', () => l.mirror(topic).partitions.every((p) => p.mirrorStart === 10n));
    await sync(l, group);
    expect(await standsAt(topic, group)).toBe(10n);
    await deleteRecords({ ...from(), topic, before: new Map([[0, 20n]]) });
    await l.until('its start follows', () => l.mirror(topic).partitions.every((p) => p.mirrorStart === 20n));
    await sync(l, group);
    expect(await standsAt(topic, group)).toBe(20n);
  });
});

describe('offsets at the source', () => {
  it('that are gone are left on the destination, and not renewed', async () => {
    const topic = await topicWith(20);
    const group = uniqueName('gone');
    await commit(topic, group, 5n);
    const l = link({ topics: [topic], settings: settingsFor(group), tuning: { offsetRenewMs: 0 } });
    await l.caughtUp();
    await sync(l, group);
    const commits = () => l.writes.filter(({ what }) => what === 'GROUP_OFFSETS_COMMITTED').length;
    const first = commits();
    // Unchanged, and due again.
    await sync(l, group);
    expect(commits()).toBe(first + 1);
    await deleteGroupOffsets({ ...from(), topic, group, partitions: [0] });
    expect(await sync(l, group)).toMatchObject({ status: 'GONE' });
    expect([commits(), await standsAt(topic, group)]).toEqual([first + 1, 5n]);
  });

  it('of a share group are where it begins: the same there, until somebody reads there', async () => {
    const topic = await topicWith(5);
    const group = uniqueName('share');
    // Begins where it joins, as its share.auto.offset.reset says, and has read all that came then.
    let read = 0;
    const reading = readAsShareGroup({ ...from(), group, topics: [topic], limitMs: 60_000 }).then((done) => {
      read = done.read;
    });
    await waitFor('it has read something', async () => {
      await produce({ ...from(), records: { topic, count: 1 } });
      return read > 0;
    });
    await reading;
    const l = link({ topics: [topic], settings: settingsFor(group) });
    await l.caughtUp();
    await l.until('it is in step', async () => (await sync(l, group)).status === 'IN_STEP');
    const [stands] = l.runner.groups.results.get(group)?.offsets ?? [];
    expect(l.runner.groups.results.get(group)).toMatchObject({ type: 'share', mirrorState: null });
    expect([stands?.source, stands?.partition]).toEqual([stands?.mirror, 0]);
    expect(stands?.source).toBeGreaterThan(5n);
    await produce({ ...from(), records: { topic, count: 10 } });
    await l.caughtUp();
    // Where it has no start offset it would begin at the end, and read nothing.
    const end = l.mirror(topic).partitions[0]?.acked ?? 0n;
    const wanted = Number(end - (stands?.source ?? 0n));
    expect(
      await readAsShareGroup({ ...to(), group, topics: [topic], count: wanted, limitMs: 60_000 }),
    ).toEqual({ read: wanted });
    await l.until('it is used', async () => (await sync(l, group)).status === 'USED');
    expect((await sync(l, group)).why).toContain('kafka-share-groups.sh --delete');
  });
});

describe('a mirror that is stopped', () => {
  it('is promoted with its groups in step, without waiting for one that is busy', async () => {
    const topic = await topicWith(20);
    const [group, busy] = [uniqueName('promoted'), uniqueName('promoted-busy')];
    const l = link({ topics: [topic], settings: settingsFor(group, busy) });
    await l.caughtUp();
    const member = await openConsumer({ ...to(), group: busy, topics: [topic], reset: 'earliest' });
    atEnd(() => member.close());
    expect(await member.poll(1)).not.toHaveLength(0);
    await commit(topic, group, 17n);
    await commit(topic, busy, 18n);
    l.end(topic, 'PROMOTE');
    await l.until('it is promoted', () => l.operations.get(topic)?.outcome === 'DONE');
    const step = l.operations.get(topic)?.steps.find(({ name }) => name === 'SYNC_OFFSETS');
    expect(step).toMatchObject({ state: 'DONE' });
    expect(step?.detail).toContain('1 consumer groups are in step with the source. Left out: 1.');
    expect(step?.detail).toContain(`${busy} has members on destination`);
    expect(await standsAt(topic, group)).toBe(17n);
    expect(await standsAt(topic, busy)).toBeUndefined();
    // An ordinary topic: the link commits nothing for it any more.
    await commit(topic, group, 19n);
    await sync(l, group);
    expect(await standsAt(topic, group)).toBe(17n);
  });

  it('is failed over with groups as they were last seen, held to what it has', async () => {
    const topic = await topicWith(20);
    const group = uniqueName('failed-over');
    const l = link({ topics: [topic], settings: settingsFor(group) });
    await l.caughtUp();
    await commit(topic, group, 15n);
    await sync(l, group);
    // Not seen by the link any more.
    await commit(topic, group, 16n);
    l.end(topic, 'FAILOVER');
    await l.until('it is stopped', () => l.operations.get(topic)?.outcome === 'DONE');
    const step = l.operations.get(topic)?.steps.find(({ name }) => name === 'SYNC_OFFSETS');
    expect(step?.detail).toBe('1 consumer groups are held to what the mirror has.');
    expect(await standsAt(topic, group)).toBe(15n);
  });
});

describe('a link', () => {
  it('with a prefix for groups commits under the prefixed name, for the renamed mirror', async () => {
    const topic = await topicWith(20);
    const group = uniqueName('prefixed');
    const l = link({
      topics: [topic],
      settings: {
        ...settingsFor(group),
        'cluster.link.prefix': 'west.',
        'consumer.group.prefix.enable': true,
      },
    });
    await l.caughtUp();
    await commit(topic, group, 9n);
    expect(await sync(l, group)).toMatchObject({
      status: 'IN_STEP',
      result: { mirrorGroup: `west.${group}` },
    });
    expect(await standsAt(`west.${topic}`, `west.${group}`)).toBe(9n);
    expect(await listGroupOffsets({ ...to(), group })).toEqual({});
    // Found by the name that it has there, too.
    const page = l.runner.groupPage(groupQuery.parse({ filter: `west.${group}` }));
    expect(page.rows.map((row) => row.group)).toEqual([group]);
  });

  it('without filters says that it syncs nothing', async () => {
    const topic = await topicWith(0);
    const settings = { ...settingsFor(), 'consumer.offset.group.filters': '' };
    const l = link({ topics: [topic], settings });
    await l.caughtUp();
    const task = await l.runner.runTask('ConsumerOffsetSync');
    expect(task.errors).toMatchObject([{ code: 'MISCONFIGURATION_ERROR' }]);
  });

  it('killed at any moment takes none of its commits for somebody else’s, and gets all groups in step', async () => {
    const topic = await topicWith(2_000);
    const groups = Array.from({ length: 8 }, (_, i) => uniqueName(`killed-${i}`));
    const e = engine({ topics: [topic], settings: settingsFor(...groups) });
    // As often as it goes: a kill shall meet a run.
    e.desired.settings['consumer.offset.sync.ms'] = 1;
    let offset = 0n;
    const move = async () => {
      offset += 7n;
      await Promise.all(groups.map((group) => commit(topic, group, offset)));
    };
    await move();
    for (let round = 0; round < 3; round++) {
      e.start();
      const before = e.groupMemory.size === 0 ? '' : [...e.groupMemory.values()].join();
      await waitFor('it stores what it commits', async () => {
        await move();
        return [...e.groupMemory.values()].join() !== before;
      });
      await e.kill();
    }
    await move();
    e.start();
    await waitFor('all groups are in step', async () => {
      const found = await Promise.all(groups.map((group) => standsAt(topic, group)));
      return found.every((at) => at === offset);
    });
    await e.stop();
    const used = [...e.groupMemory].filter(([, memory]) => !memory.startsWith('{"used":null'));
    expect(used).toEqual([]);
  });
});
