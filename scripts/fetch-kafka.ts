// Brings the brokers' jars, so that the tests and the demo find them; run by tsx from scripts/*.mjs.
import { DEFAULT_KAFKA_VERSION, kafkaDistribution } from '@/harness/kafka-distribution';

const { cacheDir } = await kafkaDistribution();
console.log(`Apache Kafka ${DEFAULT_KAFKA_VERSION} is ready (${cacheDir}).`);
