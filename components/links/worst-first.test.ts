import { expect, it } from 'vitest';
import type { LinkRow } from '@/lib/contracts/link';
import { worstFirst } from './worst-first';

const end = { name: 'c', clusterId: null, kafkaVersion: null, brokers: null };
const link = (name: string, over: Partial<LinkRow> = {}, seconds = 0): LinkRow => ({
  id: name,
  name,
  source: end,
  destination: end,
  state: 'ACTIVE',
  error: 'NO_ERROR',
  message: null,
  since: 0,
  mirrors: 1,
  mirrorsByState: {},
  attention: 0,
  operations: { open: 0, longest: null },
  locks: { locked: 0, watched: 0 },
  bytesPerSecond: null,
  recordsPerSecond: null,
  worst: { topic: 't', lag: { messages: null, bytes: null, seconds } },
  latencyMs: null,
  mode: 'DESTINATION',
  otherDirection: null,
  ...over,
});

it('lists what needs a person first, then what is furthest behind, paused links last', () => {
  const sorted = worstFirst([
    link('paused', { state: 'PAUSED' }),
    link('fine-b', {}, 0.9),
    link('fine-a', {}, 0.1),
    link('behind', {}, 48),
    link('attention', { attention: 1 }),
    link('unavailable', { state: 'UNAVAILABLE' }),
    link('failed', { state: 'FAILED' }),
  ]);
  expect(sorted.map(({ name }) => name)).toEqual([
    'failed',
    'unavailable',
    'attention',
    'behind',
    'fine-a',
    'fine-b',
    'paused',
  ]);
});
