// Numbers of links and mirrors, as the web thread has told them, as part of an observation; with what only sweeps of the source tell of them.
import type { LinkNumbers } from '@/lib/contracts/monitoring/thread';
import { isMetricName, type MetricName } from '@/lib/monitoring/metrics';
import type { ObservationBuilder } from '@/lib/monitoring/observation';

/** Of a source topic, in ms; null where it isn't known, or unlimited. */
export type Retention = {
  deletes: boolean;
  compacts: boolean;
  retentionMs: number | null;
  deleteRetentionMs: number | null;
};
export type RetentionOf = (cluster: string, topic: string) => Retention | null;

export class LinkObservation {
  /** Since when an open transaction holds a mirror back, by link and topic. */
  readonly #blockedSince = new Map<string, number>();

  add(
    builder: ObservationBuilder,
    links: readonly LinkNumbers[],
    atMs: number,
    retentionOf: RetentionOf,
  ): void {
    const blocked = new Set<string>();
    for (const link of links) {
      const labels = [link.name, link.source, link.destination];
      for (const [name, value] of Object.entries(link.numbers))
        if (isMetricName(name)) builder.add(name, labels, value);
      for (const [task, code] of Object.entries(link.tasks))
        builder.add('landbridge_link_task_state', [...labels, task], code);
      const { topics, columns } = link.mirrors;
      for (const [name, column] of Object.entries(columns)) {
        if (!isMetricName(name)) continue;
        for (let row = 0; row < topics.length; row++)
          builder.add(name, [...labels, topics[row] as string], column[row]);
      }
      this.#derived(builder, link, atMs, retentionOf, blocked);
      if (link.whole) builder.whole(`link/${link.destination}/${link.name}`);
    }
    for (const key of this.#blockedSince.keys()) if (!blocked.has(key)) this.#blockedSince.delete(key);
  }

  #derived(
    builder: ObservationBuilder,
    link: LinkNumbers,
    atMs: number,
    retentionOf: RetentionOf,
    blocked: Set<string>,
  ): void {
    const { topics, sourceTopics, columns } = link.mirrors;
    const column = (name: MetricName) => columns[name];
    for (const [row, topic] of topics.entries()) {
      const labels = [link.name, link.source, link.destination, topic];
      const lagSeconds = column('landbridge_mirror_max_lag_seconds')?.[row];
      const held = column('landbridge_mirror_blocked_messages')?.[row];
      const key = `${link.destination}/${link.name}/${topic}`;
      // A source that tells nothing for a while has not ended the transaction.
      if (held === undefined || Number.isNaN(held)) blocked.add(key);
      else if (held > 0) {
        const since = this.#blockedSince.get(key) ?? atMs;
        this.#blockedSince.set(key, since);
        blocked.add(key);
        builder.add('landbridge_mirror_blocked_seconds', labels, (atMs - since) / 1000);
      }
      const retention = retentionOf(link.source, sourceTopics[row] ?? topic);
      if (retention === null || lagSeconds === undefined || Number.isNaN(lagSeconds)) continue;
      // Nothing that is not mirrored is older than the lag: that is how long it has been there, of the time that it is kept.
      if (retention.deletes && retention.retentionMs !== null)
        builder.add(
          'landbridge_mirror_source_headroom_seconds',
          labels,
          retention.retentionMs / 1000 - lagSeconds,
        );
      if (retention.compacts && retention.deleteRetentionMs !== null)
        builder.add(
          'landbridge_mirror_tombstone_headroom_seconds',
          labels,
          retention.deleteRetentionMs / 1000 - lagSeconds,
        );
    }
  }
}
