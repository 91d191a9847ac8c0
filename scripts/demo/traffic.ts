// The shop's producers and consumers: five topics written at different speeds, three groups that read at different speeds.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kafka, Producer } from 'kafkajs';
import kafkajs from 'kafkajs';
import { ALL_CODECS } from './codecs';
import { Loops } from './loops';
import type { Shop } from './shop';

const { CompressionTypes } = kafkajs;
const CLICKS_PER_SECOND = 2_000;
/** kafkajs waits for answers of brokers that may be gone; nothing of the shop's is worth waiting for. */
const CLOSE_LIMIT_MS = 3_000;

export class Traffic {
  #kafka: Kafka;
  #shop: Shop;
  #loops: Loops;
  #closers: (() => Promise<void>)[] = [];

  constructor(kafka: Kafka, shop: Shop, log: (line: string) => void) {
    this.#kafka = kafka;
    this.#shop = shop;
    this.#loops = new Loops(log);
  }

  async start(): Promise<void> {
    const producer = await this.#producer();
    this.#orders(producer);
    this.#clicks(producer);
    this.#slowTopics(producer);
    this.#payments(await this.#producer('demo-payments'));
    // The first keeps up, the second only just, the third reads nine of ten clicks: its lag grows.
    // Not waited for: after a crash a group takes its former member's place only when that one's session has run out.
    this.#loops.once('order-service', () => this.#group('order-service', 'orders', 10_000));
    this.#loops.once('fraud-check', () => this.#group('fraud-check', 'payments', 8));
    this.#loops.once('analytics', () => this.#group('analytics', 'clicks', CLICKS_PER_SECOND * 0.9));
  }

  async stop(): Promise<void> {
    const closed = this.#loops.stop().then(() => Promise.allSettled(this.#closers.map((close) => close())));
    await Promise.race([closed, sleep(CLOSE_LIMIT_MS, undefined, { ref: false })]);
  }

  async #producer(transactionalId?: string): Promise<Producer> {
    const producer = this.#kafka.producer(
      transactionalId ? { transactionalId, idempotent: true, maxInFlightRequests: 1 } : {},
    );
    await producer.connect();
    this.#closers.push(() => producer.disconnect());
    return producer;
  }

  /** About 25 a second; each send goes out in the next codec. */
  #orders(producer: Producer): void {
    let turn = 0;
    this.#loops.every('orders', 200, async () => {
      const compression = ALL_CODECS[turn++ % ALL_CODECS.length];
      const messages = Array.from({ length: 5 }, () => this.#shop.order());
      await producer.send({ topic: 'orders', messages, compression });
    });
  }

  #clicks(producer: Producer): void {
    const everyMs = 250;
    this.#loops.every('clicks', everyMs, async () => {
      const messages = Array.from({ length: (CLICKS_PER_SECOND * everyMs) / 1000 }, () => this.#shop.click());
      await producer.send({ topic: 'clicks', messages, compression: CompressionTypes.LZ4, acks: 1 });
    });
  }

  #slowTopics(producer: Producer): void {
    this.#loops.every('customers', 250, async () => {
      await producer.send({ topic: 'customers', messages: [this.#shop.customer(), this.#shop.customer()] });
    });
    this.#loops.every('shipments', 500, async () => {
      await producer.send({ topic: 'shipments', messages: [this.#shop.shipment()] });
    });
  }

  /** Five transactions a second, every fifth aborted: its records get offsets that no reader ever sees. */
  #payments(producer: Producer): void {
    let count = 0;
    this.#loops.every('payments', 200, async () => {
      const transaction = await producer.transaction();
      try {
        await transaction.send({ topic: 'payments', messages: this.#shop.payment() });
      } catch (error) {
        await transaction.abort();
        throw error;
      }
      if (++count % 5 === 0) await transaction.abort();
      else await transaction.commit();
    });
  }

  /** A consumer group that reads no more than `perSecond` records. */
  async #group(groupId: string, topic: string, perSecond: number): Promise<void> {
    const consumer = this.#kafka.consumer({ groupId, maxBytesPerPartition: 65_536 });
    await consumer.connect();
    this.#closers.push(() => consumer.disconnect());
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      partitionsConsumedConcurrently: 1,
      eachBatch: async ({ batch, heartbeat, resolveOffset, isRunning, isStale }) => {
        // About a second's worth at a time: the group must hear from its member often.
        const step = Math.max(1, Math.min(1_000, Math.floor(perSecond)));
        for (let at = 0; at < batch.messages.length && isRunning() && !isStale(); at += step) {
          const part = batch.messages.slice(at, at + step);
          await this.#loops.pause((1000 * part.length) / perSecond);
          if (this.#loops.stopped) return;
          resolveOffset((part.at(-1) as { offset: string }).offset);
          await heartbeat();
        }
      },
    });
  }
}
