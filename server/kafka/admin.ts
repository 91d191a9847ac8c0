// Control-plane calls through kafkajs: topics and their configs. Record data never passes here.
import kafkajs, { type Admin } from 'kafkajs';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import './kafkajs-idle';
import { kafkajsSecurity } from './kafkajs-security';
import { KafkaError } from './wire/errors';

// A CommonJS package: Node finds its names on the default export only.
const { ConfigResourceTypes, Kafka, KafkaJSAggregateError, KafkaJSProtocolError, logLevel } = kafkajs;

export type NewTopic = {
  topic: string;
  partitions: number;
  /** Null takes the destination's default. */
  replicationFactor: number | null;
  configs: Record<string, string>;
};

/** A topic's configs as the broker reports them; `overridden` is set on the topic itself. */
export type TopicConfig = { name: string; value: string | null; overridden: boolean };

/** kafkajs' number for "set on this topic" (DescribeConfigs config_source DYNAMIC_TOPIC_CONFIG). */
const SOURCE_TOPIC = 1;
const CONNECTION_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Before a session's end, at the next request. Brokers refuse it more often than once a second, so not much earlier. */
const REAUTHENTICATE_BEFORE_MS = 1_000;
/** Topics per DescribeConfigs call: answers stay small. */
const DESCRIBE_BATCH = 500;

export class ClusterAdmin {
  #config: ClusterConfig;
  readonly #clientId: string;
  readonly #open = new Set<Promise<unknown>>();
  #admin: Promise<Admin> | null = null;

  constructor(config: ClusterConfig, clientId: string) {
    this.#config = config;
    this.#clientId = clientId;
  }

  async #connected(): Promise<Admin> {
    this.#admin ??= this.#connect();
    const admin = this.#admin;
    try {
      return await admin;
    } catch (error) {
      if (this.#admin === admin) this.#admin = null;
      throw error;
    }
  }

  async #connect(): Promise<Admin> {
    const kafka = new Kafka({
      clientId: this.#clientId,
      brokers: this.#config.bootstrapServers,
      logLevel: logLevel.NOTHING,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      enforceRequestTimeout: true,
      retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 2_000 },
      reauthenticationThreshold: REAUTHENTICATE_BEFORE_MS,
      ...(await kafkajsSecurity(this.#config.security)),
    });
    const admin = kafka.admin();
    await admin.connect();
    return admin;
  }

  async #call<T>(what: string, call: (admin: Admin) => Promise<T>): Promise<T> {
    const answer = this.#connected().then(call);
    this.#open.add(answer);
    try {
      return await answer;
    } catch (cause) {
      // Without a broker's word it may be that certificates were renewed since this client read their files.
      if (!parts(cause).every((part) => part instanceof KafkaJSProtocolError))
        this.replaceConfig(this.#config);
      throw adminError(this.#config.name, what, cause);
    } finally {
      this.#open.delete(answer);
    }
  }

  /** Signs in with other credentials from the next call on; calls that are open end as they began. */
  replaceConfig(config: ClusterConfig): void {
    this.#config = config;
    const [old, open] = [this.#admin, [...this.#open]];
    this.#admin = null;
    void Promise.allSettled(open)
      .then(() => old)
      .then((admin) => admin?.disconnect())
      // It failed to connect: nothing is left to end.
      .catch(() => undefined);
  }

  /** Creates one topic. @returns false when it exists already. @throws KafkaError with the broker's reason */
  async createTopic(topic: NewTopic, validateOnly = false): Promise<boolean> {
    return this.#call(`creating topic ${topic.topic}`, async (admin) => {
      try {
        return await admin.createTopics({
          validateOnly,
          waitForLeaders: false,
          topics: [
            {
              topic: topic.topic,
              numPartitions: topic.partitions,
              replicationFactor: topic.replicationFactor ?? -1,
              configEntries: Object.entries(topic.configs).map(([name, value]) => ({ name, value })),
            },
          ],
        });
      } catch (error) {
        // kafkajs throws for validateOnly as well as for real creation.
        if (isAlreadyThere(error)) return false;
        throw error;
      }
    });
  }

  async deleteTopic(topic: string): Promise<void> {
    await this.#call(`deleting topic ${topic}`, (admin) => admin.deleteTopics({ topics: [topic] }));
  }

  /** Grows a topic to `count` partitions. */
  async createPartitions(topic: string, count: number): Promise<void> {
    await this.#call(`adding partitions to ${topic}`, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic, count }] }),
    );
  }

  /** Configs of topics by name; a topic that is gone, or that we may not describe, is left out. */
  async describeTopicConfigs(topics: string[]): Promise<Map<string, TopicConfig[]>> {
    const described = new Map<string, TopicConfig[]>();
    for (let at = 0; at < topics.length; at += DESCRIBE_BATCH)
      await this.#describe(topics.slice(at, at + DESCRIBE_BATCH), described);
    return described;
  }

  async #describe(topics: string[], described: Map<string, TopicConfig[]>): Promise<void> {
    try {
      const { resources } = await this.#call('reading topic configs', (admin) =>
        admin.describeConfigs({
          includeSynonyms: false,
          resources: topics.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
        }),
      );
      for (const resource of resources)
        described.set(
          resource.resourceName,
          resource.configEntries.map((entry) => ({
            name: entry.configName,
            value: entry.configValue,
            overridden: entry.configSource === SOURCE_TOPIC,
          })),
        );
    } catch (error) {
      if (!(error instanceof KafkaError) || !isHiddenTopic(error.cause)) throw error;
      // kafkajs throws for the whole call when one topic cannot be described, without saying which: halves find it.
      if (topics.length === 1) return;
      const middle = topics.length >>> 1;
      await this.#describe(topics.slice(0, middle), described);
      await this.#describe(topics.slice(middle), described);
    }
  }

  /** One config of a broker, or null when it isn't reported. */
  async brokerConfig(brokerId: number, name: string): Promise<string | null> {
    const { resources } = await this.#call(`reading ${name} of broker ${brokerId}`, (admin) =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.BROKER, name: String(brokerId), configNames: [name] }],
      }),
    );
    return resources[0]?.configEntries.find((entry) => entry.configName === name)?.configValue ?? null;
  }

  async close(): Promise<void> {
    const admin = this.#admin;
    this.#admin = null;
    if (!admin) return;
    await (await admin.catch(() => null))?.disconnect();
  }
}

function isAlreadyThere(error: unknown): boolean {
  return parts(error).some((e) => e instanceof KafkaJSProtocolError && e.type === 'TOPIC_ALREADY_EXISTS');
}

const HIDDEN_TOPIC: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'TOPIC_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
]);
function isHiddenTopic(error: unknown): boolean {
  return error instanceof KafkaJSProtocolError && HIDDEN_TOPIC.has(error.type);
}

/** kafkajs throws one aggregate for several topics. */
function parts(error: unknown): unknown[] {
  return error instanceof KafkaJSAggregateError ? error.errors : [error];
}

function adminError(cluster: string, what: string, cause: unknown): KafkaError {
  if (cause instanceof KafkaError) return cause;
  const text = parts(cause)
    .map((e) => (e instanceof Error ? ('type' in e ? `${e.type}: ${e.message}` : e.message) : String(e)))
    .join('; ');
  const retriable = cause instanceof Error && 'retriable' in cause && cause.retriable === true;
  return new KafkaError(`${what} on ${cluster} failed: ${text}`, { retriable, cause });
}
