import { expect, it } from 'vitest';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { observationText } from './exposition';

it('tells how old a sweep is as of now, not as of the observation', async () => {
  const builder = new ObservationBuilder(new SeriesRegistry());
  builder.add('landbridge_cluster_sweep_age_seconds', ['dc1'], 9);
  builder.add('landbridge_cluster_topics', ['dc1'], 12);
  const scope = { clusters: ['dc1'], links: [], everything: false };
  const lines = (await observationText(builder.build(1_000_000), scope, 4_600_000)).split('\n');
  expect(lines).toContain('landbridge_cluster_sweep_age_seconds{cluster="dc1"} 3609');
  expect(lines).toContain('landbridge_cluster_topics{cluster="dc1"} 12');
});
