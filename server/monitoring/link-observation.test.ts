import { expect, it } from 'vitest';
import type { LinkNumbers } from '@/lib/contracts/monitoring/thread';
import { ObservationBuilder, SeriesRegistry } from '@/lib/monitoring/observation';
import { LinkObservation } from './link-observation';

it('counts how long a mirror is blocked on over moments at which the source tells nothing of it', () => {
  const links = new LinkObservation();
  const registry = new SeriesRegistry();
  const secondsAt = (atSeconds: number, blocked: number) => {
    const builder = new ObservationBuilder(registry);
    const link: LinkNumbers = {
      ...{ name: 'l', source: 'a', destination: 'b', numbers: {}, tasks: {}, whole: true },
      mirrors: {
        ...{ topics: ['orders'], sourceTopics: ['orders'], compacted: Int8Array.of(0) },
        columns: { landbridge_mirror_blocked_messages: Float64Array.of(blocked) },
      },
    };
    links.add(builder, [link], atSeconds * 1_000, () => null);
    const { series, values } = builder.build(atSeconds * 1_000);
    const at = series.findIndex(({ metric }) => metric === 'landbridge_mirror_blocked_seconds');
    return at < 0 ? null : values[at];
  };
  const told = [2, 2, Number.NaN, 3, 0, 1].map((blocked, i) => secondsAt(i * 10, blocked));
  expect(told).toEqual([0, 10, null, 30, null, 0]);
});
