// What the figures were measured on.
import { cpus, loadavg, totalmem } from 'node:os';
import { findJava } from '@/harness/java';
import { DEFAULT_KAFKA_VERSION } from '@/harness/kafka-distribution';

export async function machine() {
  const java = await findJava();
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    java: java.version,
    kafka: DEFAULT_KAFKA_VERSION,
    /** Runnable processes over the last minute when the bench began: what else the machine had to do. */
    loadAtStart: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
