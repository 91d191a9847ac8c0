import { expect, it } from 'vitest';
import type { AlertPage, AlertQuery } from '@/lib/contracts/monitoring/alerts';
import { readForOneAnswer } from '@/server/health/listing';
import { HealthWorld } from '@/server/health/testing/health-world';
import { wholePage } from './whole-page';

const brokers = (used: number, ...ids: string[]) => ({
  landbridge_log_dir_used_bytes: ids.map((broker): [Record<string, string>, number] => [{ broker }, used]),
  landbridge_log_dir_total_bytes: ids.map((broker): [Record<string, string>, number] => [{ broker }, 100]),
});

it('a search through a long history is asked for in parts, and its page is as if it had been one', async () => {
  const world = new HealthWorld();
  try {
    const many = Array.from({ length: readForOneAnswer + 1 }, (_, at) => `b${at}`);
    const options = { sends: false };
    await world.looks(7, brokers(95, 'first', 'other'), options);
    await world.looks(13, brokers(10, 'first', 'other'), options);
    await world.looks(7, brokers(95, ...many), options);
    await world.looks(13, brokers(10, ...many), options);
    const answers: AlertPage[] = [];
    const ask = async (part: AlertQuery) => {
      const answer = world.health.alerts(part);
      answers.push(answer);
      return answer;
    };
    const query = { status: 'CLEARED' as const, withChildren: true, text: 'first', limit: 10 };
    const page = await wholePage(query, ask);
    expect(page.alerts.map(({ labels }) => labels.broker)).toEqual(['first']);
    expect(page.next).toBeNull();
    expect(answers.map(({ alerts, next }) => [alerts.length, next !== null])).toEqual([
      [0, true],
      [1, false],
    ]);
    // As long as was asked for, and no longer.
    const few = { ...query, text: 'b', limit: 150 };
    const first = await wholePage(few, ask);
    const second = await wholePage({ ...few, after: first.next ?? '' }, ask);
    const ids = [...first.alerts, ...second.alerts].map(({ id }) => id);
    expect(new Set(ids).size).toBe(300);
  } finally {
    await world.close();
  }
});
