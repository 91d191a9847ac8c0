// Configs of topics that say what its numbers mean, with their source: read for new topics at once, for all every few minutes. Alike ones are kept once.
import type { ConfigSource, TopicConfig } from '@/lib/contracts/monitoring/topics';
import { type DescribedConfigs, describeTopicConfigs } from '@/server/kafka/wire/apis/describe-configs';
import type { Connection } from '@/server/kafka/wire/connection';
import { isRefusal } from './gaps';
import { requestTimeoutMs, topicConfigsEveryMs, topicsAConfigRequest } from './limits';
import type { Shape } from './shape';
import type { TopicConfigs } from './sweep';

export const CONFIG_KEYS = [
  ...['cleanup.policy', 'retention.ms', 'retention.bytes', 'min.insync.replicas', 'delete.retention.ms'],
  ...['max.message.bytes', 'message.timestamp.type', 'unclean.leader.election.enable', 'compression.type'],
  ...['segment.bytes', 'segment.ms', 'min.compaction.lag.ms', 'max.compaction.lag.ms'],
] as const;

/** As DescribeConfigsResponse.ConfigSource numbers them. */
const sources: Record<number, ConfigSource> = {
  1: 'TOPIC',
  2: 'BROKER',
  3: 'ALL_BROKERS',
  4: 'BROKER_FILE',
  5: 'DEFAULT',
};

/** Null: refused. */
type Known = { id: string; askedMs: number; configs: TopicConfigs | null };

export class ConfigMemory {
  readonly #topics = new Map<string, Known>();
  readonly #alike = new Map<string, TopicConfigs>();

  /** Requests that are due: new topics, and those whose configs are old. */
  due({ topics }: Pick<Shape, 'topics'>, nowMs: number): string[][] {
    const due = topics.names.filter((name, t) => {
      const known = this.#topics.get(name);
      return !known || known.id !== topics.ids[t] || nowMs - known.askedMs >= topicConfigsEveryMs;
    });
    const requests: string[][] = [];
    for (let at = 0; at < due.length; at += topicsAConfigRequest)
      requests.push(due.slice(at, at + topicsAConfigRequest));
    return requests;
  }

  /** What failed is asked for again in the next sweep; what was refused, after a while. @returns what failed, by topic */
  learn(
    { topics }: Pick<Shape, 'topics'>,
    answers: readonly DescribedConfigs[],
    nowMs: number,
  ): Map<string, number> {
    const failed = new Map<string, number>();
    for (const { topic, errorCode, configs } of answers) {
      const t = topics.byName.get(topic);
      if (t === undefined) continue;
      const refused = isRefusal(errorCode);
      if (errorCode !== 0 && !refused) failed.set(topic, errorCode);
      else
        this.#topics.set(topic, {
          ...{ id: topics.ids[t] as string, askedMs: nowMs },
          configs: refused ? null : this.#once(configsOf(configs)),
        });
    }
    return failed;
  }

  refused(): string[] {
    return [...this.#topics].filter(([, { configs }]) => configs === null).map(([name]) => name);
  }

  #once(configs: TopicConfigs): TopicConfigs {
    const key = configs.rows.map(({ value, source }) => `${value}\u0000${source}`).join('\u0001');
    const alike = this.#alike.get(key);
    if (!alike) this.#alike.set(key, configs);
    return alike ?? configs;
  }

  /** For each topic, with when it was read; forgets those that are gone. */
  of({ topics }: Pick<Shape, 'topics'>): {
    configs: (TopicConfigs | null)[];
    configsReadMs: (number | null)[];
  } {
    for (const name of this.#topics.keys()) if (!topics.byName.has(name)) this.#topics.delete(name);
    const used = new Set<TopicConfigs>();
    const configsReadMs: (number | null)[] = [];
    const configs = topics.names.map((name, t) => {
      const known = this.#topics.get(name);
      const own = known && known.id === topics.ids[t] ? known.configs : null;
      if (own) used.add(own);
      configsReadMs.push(own && known ? known.askedMs : null);
      return own;
    });
    for (const [key, alike] of this.#alike) if (!used.has(alike)) this.#alike.delete(key);
    return { configs, configsReadMs };
  }
}

export function askConfigs(connection: Connection, topics: readonly string[]): Promise<DescribedConfigs[]> {
  const request = { topics, keys: CONFIG_KEYS };
  return connection.request(describeTopicConfigs, request, { timeoutMs: requestTimeoutMs });
}

/** By name. */
export function configRows(told: DescribedConfigs['configs']): TopicConfig[] {
  return told
    .map(({ name, value, source }) => ({ name, value, source: sources[source] ?? ('OTHER' as const) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function configsOf(told: DescribedConfigs['configs']): TopicConfigs {
  const rows = configRows(told);
  const value = (key: string) => rows.find(({ name }) => name === key)?.value ?? null;
  const policy = value('cleanup.policy');
  const policies = policy?.split(',').map((part) => part.trim()) ?? [];
  const retention = value('retention.ms');
  const minIsr = value('min.insync.replicas');
  return {
    rows,
    minIsr: minIsr === null ? null : Number(minIsr),
    cleanupPolicy: policy,
    retentionMs: retention === null ? null : BigInt(retention),
    compacted: policies.includes('compact'),
    deleted: policies.includes('delete'),
  };
}
