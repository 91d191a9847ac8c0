// Kafka's own consumer in a group: subscribes, reads, commits with leader epochs, leaves. A position that the log doesn't have is an error.
import { z } from 'zod';
import { callJava } from './java-service';

export type GroupConsumerOptions = {
  bootstrap: string;
  group: string;
  topics: string[];
  /** `consumer`: the newer protocol (KIP-848). Default `classic`. */
  protocol?: 'classic' | 'consumer';
  /** Where there is no position. Default `none`: an error. */
  reset?: 'none' | 'earliest' | 'latest';
  maxPollRecords?: number;
};

const record = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.string().transform((text) => BigInt(text)),
  key: z.string().nullable(),
});
export type ConsumedRecord = z.infer<typeof record>;

const done = z.object({});

export async function openConsumer(options: GroupConsumerOptions): Promise<GroupConsumer> {
  const { consumer } = await callJava('consumerOpen', options, z.object({ consumer: z.number() }));
  return new GroupConsumer(consumer);
}

export class GroupConsumer {
  readonly #handle: number;
  #closed = false;

  constructor(handle: number) {
    this.#handle = handle;
  }

  /** Reads until at least so many records have come, or none has for `idleMs`: joining a group takes its time. @throws JavaServiceError, such as NoOffsetForPartitionException */
  poll(count: number, idleMs = 60_000): Promise<ConsumedRecord[]> {
    return callJava('consumerPoll', { consumer: this.#handle, count, idleMs }, z.array(record));
  }
  /** Commits the positions of all partitions that it has. */
  async commit(): Promise<void> {
    await callJava('consumerCommit', { consumer: this.#handle }, done);
  }
  /** Leaves the group. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await callJava('consumerClose', { consumer: this.#handle }, done);
  }
}

/** Reads as a share group (KIP-932), acknowledges all of it, and leaves. */
export async function readAsShareGroup(
  options: Pick<GroupConsumerOptions, 'bootstrap' | 'group' | 'topics'> & {
    count?: number;
    limitMs?: number;
  },
): Promise<{ read: number }> {
  return callJava('sharePoll', options, z.object({ read: z.number() }));
}
