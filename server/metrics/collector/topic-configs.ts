// All configs of one topic, asked for while somebody waits: of the broker most likely to answer, then of the next. Sweeps read a few configs of every
// topic, and have no part in this: it has connections of its own.
import type { TopicConfigsView } from '@/lib/contracts/monitoring/topics';
import { type DescribedConfigs, describeTopicConfigs } from '@/server/kafka/wire/apis/describe-configs';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, errorName, KafkaError, TimeoutError } from '@/server/kafka/wire/errors';
import { configRows } from './configs';
import { isRefusal } from './gaps';
import type { BrokerLane } from './lane';
import { oneTopicsConfigsLimitMs, oneTopicsConfigsTotalMs } from './limits';
import { bestFirst } from './run';

type Question = {
  client: Pick<ClusterClient, 'name' | 'where'>;
  /** In service. */
  lanes: readonly BrokerLane[];
  topic: string;
  now: () => number;
};

/** @returns null where the cluster knows no such topic. @throws KafkaError in words for people: no broker told them, or one refused to */
export async function readTopicConfigs(question: Question): Promise<TopicConfigsView | null> {
  const { client, topic, now } = question;
  const described = await askAny(question);
  if (described.errorCode === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) return null;
  if (described.errorCode !== 0) throw refused(client.name, described);
  return { cluster: client.name, topic, readAt: now(), configs: configRows(described.configs) };
}

/** An error code is an answer. */
async function askAny({ client, lanes, topic }: Question): Promise<DescribedConfigs> {
  const endsMs = performance.now() + oneTopicsConfigsTotalMs;
  let last = new KafkaError(`no broker of ${client.name} is in service`, { retriable: true });
  for (const lane of bestFirst(lanes)) {
    const limitMs = Math.min(oneTopicsConfigsLimitMs, endsMs - performance.now());
    if (limitMs <= 0) break;
    try {
      return await inTime(ask(lane, client.where(lane.id), topic, limitMs), client.where(lane.id), limitMs);
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      last = error;
    }
  }
  throw new KafkaError(
    `The configs of topic "${topic}" could not be read: ${last.message}. Read them again in some seconds, or test the connection of cluster "${client.name}".`,
    { retriable: true, cause: last },
  );
}

async function ask(
  lane: BrokerLane,
  where: string,
  topic: string,
  timeoutMs: number,
): Promise<DescribedConfigs> {
  const connection = await lane.connection('configs');
  if (connection.versionOf(describeTopicConfigs) === null)
    throw new KafkaError(`${where} is older than Kafka 2.8, which tells them first`, { retriable: false });
  const [described] = await connection.request(
    describeTopicConfigs,
    { topics: [topic], keys: null },
    { timeoutMs },
  );
  if (described) return described;
  throw new KafkaError(`${where} answered without a word about this topic`, { retriable: true });
}

/** Connecting, too, takes no longer than this. */
async function inTime<T>(work: Promise<T>, where: string, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new TimeoutError(where, 'DescribeConfigs', Math.round(limitMs))),
      limitMs,
    );
  });
  return Promise.race([work, tooLong]).finally(() => clearTimeout(timer));
}

function refused(cluster: string, { errorCode, errorMessage, topic }: DescribedConfigs): KafkaError {
  const answer = `${errorName(errorCode)}${errorMessage ? `: ${errorMessage.replace(/\.$/, '')}` : ''}`;
  const words = isRefusal(errorCode)
    ? `The principal of cluster "${cluster}" may not read the configs of topic "${topic}" (${errorName(errorCode)}). Grant it DescribeConfigs on the topic.`
    : `The configs of topic "${topic}" could not be read: a broker of cluster "${cluster}" answered ${answer}.`;
  return new KafkaError(words, { retriable: false });
}
