// Kafka's own producer: single records, many from a seed, transactions step by step, traffic in the background.
import { z } from 'zod';
import { callJava } from './java-service';

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

export type ProducerOptions = {
  bootstrap: string;
  codec?: Codec;
  /** Milliseconds the producer waits to fill a batch. Default 5. */
  lingerMs?: number;
  /** Largest batch. Default 16,384. */
  batchBytes?: number;
  acks?: 'all' | '1' | '0';
  /** Any further producer settings. */
  properties?: Record<string, string>;
};

/** Records made from a seed: record i of a seed is always the same. */
export type GeneratedRecords = {
  topic: string;
  count: number;
  seed?: number;
  /** Number of the first record; lets a second call go on where the first ended. */
  firstIndex?: number;
  /** Partitions to write to, all by default. Records without key go round; a key always has the same partition. */
  partitions?: number[];
  /** How many different keys; 0 (default): all keys are null. */
  keys?: number;
  /** Size of each value, or the smallest when `maxValueBytes` is given. Default 100. */
  valueBytes?: number;
  maxValueBytes?: number;
  nullKeyRatio?: number;
  nullValueRatio?: number;
  emptyValueRatio?: number;
  /** Headers on each record; some without value, some empty, names repeating. */
  headers?: number;
  /** Create times from here on, by a step each; without it, the moment of sending. */
  timestampStart?: number;
  timestampStepMs?: number;
  incompressible?: boolean;
  /** A batch ends after so many records, whatever its size. */
  flushEvery?: number;
};

/** A single record; strings are UTF-8. */
export type RecordInput = {
  partition?: number;
  key?: Buffer | string | null;
  value: Buffer | string | null;
  headers?: [string, Buffer | string | null][];
  timestamp?: number;
};

const offset = z.string().transform((text) => BigInt(text));
const acknowledged = z.object({
  acknowledged: z.number(),
  failed: z.number(),
  error: z.string().nullable(),
  /** Per partition: how many were acknowledged, and the offsets of the first and the last. */
  partitions: z.record(z.string(), z.object({ count: z.number(), first: offset, last: offset })),
});
export type Acknowledged = z.infer<typeof acknowledged>;

const done = z.object({});

/** Writes generated records and waits until all are acknowledged. */
export function produce(options: ProducerOptions & { records: GeneratedRecords }): Promise<Acknowledged> {
  return callJava('produce', options, acknowledged);
}

/** A producer that stays open. With `transactionalId` its records go between `begin` and `commit` or `abort`. */
export async function openProducer(
  options: ProducerOptions & { transactionalId?: string },
): Promise<HarnessProducer> {
  const { producer } = await callJava('producerOpen', options, z.object({ producer: z.number() }));
  return new HarnessProducer(producer);
}

export class HarnessProducer {
  #handle: number;

  constructor(handle: number) {
    this.#handle = handle;
  }

  /** Sends and waits; one batch for each record where asked. @returns their offsets, in order */
  send(topic: string, records: RecordInput[], options: { batchEach?: boolean } = {}): Promise<bigint[]> {
    const encoded = records.map((r) => ({
      partition: r.partition ?? 0,
      key: base64(r.key),
      value: base64(r.value),
      headers: r.headers?.map(([name, value]) => [name, base64(value)]),
      timestamp: r.timestamp,
    }));
    return callJava(
      'producerSend',
      { ...options, producer: this.#handle, topic, records: encoded },
      z.array(offset),
    );
  }

  generate(records: GeneratedRecords): Promise<Acknowledged> {
    return callJava('producerGenerate', { producer: this.#handle, records }, acknowledged);
  }

  begin = () => this.#step('begin');
  commit = () => this.#step('commit');
  abort = () => this.#step('abort');
  flush = () => this.#step('flush');
  /** Aborts an open transaction. */
  close = () => this.#step('close');
  /** As after a crash: an open transaction stays open until it times out. */
  abandon = () => this.#step('abandon');

  async #step(step: string): Promise<void> {
    await callJava('producerStep', { producer: this.#handle, step }, done);
  }
}

const trafficSoFar = acknowledged.extend({
  sent: z.number(),
  /** Transactions. */
  committed: z.number(),
  aborted: z.number(),
  /** Why it ended by itself. */
  failure: z.string().nullable(),
});
export type TrafficSoFar = z.infer<typeof trafficSoFar>;

export type TrafficOptions = ProducerOptions & {
  ratePerSecond: number;
  records: Omit<GeneratedRecords, 'count' | 'flushEvery'>;
  /** Then in transactions of so many records, of which some are aborted. */
  recordsPerTransaction?: number;
  abortRatio?: number;
  transactionalId?: string;
};

export type Traffic = {
  soFar(): Promise<TrafficSoFar>;
  /** Sends no more, waits until everything sent is acknowledged or given up. A second call waits for the first. */
  stop(): Promise<TrafficSoFar>;
};

/** Writes at a steady rate until stopped; goes on through broker failures, as any Java producer does. */
export async function startTraffic(options: TrafficOptions): Promise<Traffic> {
  if (options.recordsPerTransaction && !options.transactionalId)
    throw new Error(`Traffic in transactions to ${options.records.topic} needs a transactionalId.`);
  const { traffic } = await callJava('trafficStart', options, z.object({ traffic: z.number() }));
  let stopping: Promise<TrafficSoFar> | null = null;
  return {
    soFar: () => callJava('trafficSoFar', { traffic }, trafficSoFar),
    stop: () => {
      stopping ??= callJava('trafficStop', { traffic }, trafficSoFar);
      return stopping;
    },
  };
}

function base64(value: Buffer | string | null | undefined): string | null {
  return value === null || value === undefined ? null : Buffer.from(value).toString('base64');
}
