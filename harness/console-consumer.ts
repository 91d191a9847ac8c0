// Kafka's own console consumer, run as a person would run it. A JVM start each time: for a last word, not for every test.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findJava } from './java';
import { kafkaDistribution } from './kafka-distribution';
import type { Isolation } from './topics';

const run = promisify(execFile);
const LIMIT_MS = 120_000;

/**
 * One line for each record, tab-separated: timestamp type and timestamp, partition, offset, headers, key, value.
 * Ends after `maxMessages` or when nothing has come for `idleMs`.
 */
export async function consoleConsume(options: {
  bootstrap: string;
  topic: string;
  partition?: number;
  isolation?: Isolation;
  maxMessages?: number;
  idleMs?: number;
}): Promise<string[]> {
  const [java, distribution] = [await findJava(), await kafkaDistribution()];
  const shown = ['timestamp', 'partition', 'offset', 'headers', 'key', 'value'];
  const where =
    options.partition === undefined
      ? ['--from-beginning']
      : ['--partition', String(options.partition), '--offset', 'earliest'];
  const { stdout } = await run(
    java.command,
    [
      ...['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dlog4j2.level=OFF'],
      ...['-cp', distribution.classpath, 'org.apache.kafka.tools.consumer.ConsoleConsumer'],
      ...['--bootstrap-server', options.bootstrap, '--topic', options.topic, ...where],
      ...['--isolation-level', options.isolation ?? 'read_committed'],
      ...['--timeout-ms', String(options.idleMs ?? 5000)],
      ...(options.maxMessages === undefined ? [] : ['--max-messages', String(options.maxMessages)]),
      ...shown.flatMap((field) => ['--formatter-property', `print.${field}=true`]),
    ],
    { timeout: LIMIT_MS, maxBuffer: 256 * 1024 * 1024 },
  );
  return stdout.split('\n').filter((line) => line.length > 0);
}
