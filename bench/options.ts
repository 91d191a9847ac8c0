// The command line of the bench: what is asked for, checked before anything is started.
import { parseArgs } from 'node:util';
import { z } from 'zod';

const whole = z.coerce.number().int().positive();

const mirrorOptions = z.object({
  records: whole.default(1_500_000),
  /** Bytes of each record's value. */
  size: whole.default(1_000),
  codec: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('none'),
  /** The producer's batch.size, with which the source's data are written. */
  batch: whole.default(16_384),
  partitions: whole.default(8),
  /** Brokers on each side, and copies of each record. */
  replication: z.coerce
    .number()
    .pipe(z.union([z.literal(1), z.literal(3)]))
    .default(1),
  peer: z.literal('mm2', 'The only peer is mm2 (MirrorMaker 2).').optional(),
  peerHeapMb: whole.default(1024),
  /** link.memory.bytes of the engine. */
  memoryBytes: whole.optional(),
  /** verify.budget.percent of the link; 0 is without verification. */
  verifyPercent: z.coerce.number().int().min(0).max(100).optional(),
  /** How often each side copies all of it; the median counts. */
  repeat: whole.default(1),
  latency: z.boolean().default(true),
  latencySeconds: whole.default(30),
  /** Leaves a V8 CPU profile of the engine in .cache/bench/profiles. */
  cpuProf: z.boolean().default(false),
});
export type MirrorBenchOptions = z.infer<typeof mirrorOptions>;

const meshOptions = mirrorOptions
  .pick({ size: true, codec: true, partitions: true, peer: true, peerHeapMb: true })
  .extend({
    /** In each of the three source topics. */
    records: whole.default(200_000),
    partitions: whole.default(4),
    /** How long live traffic is followed after the copy. */
    steadySeconds: whole.default(30),
  });
export type MeshBenchOptions = z.infer<typeof meshOptions>;

export const USAGE = `usage: npm run bench -- mirror [options]
  --records N          records to copy (1500000)
  --size BYTES         value of each record (1000)
  --codec NAME         none, gzip, snappy, lz4 or zstd (none)
  --batch BYTES        the producer's batch.size (16384)
  --partitions N       partitions of the topic (8)
  --replication 1|3    brokers on each side and copies of each record (1)
  --peer mm2           the same with MirrorMaker 2, on the same brokers; --peer-heap-mb N (1024)
  --repeat N           each side copies N times, in turns, the median counts (1)
  --memory-bytes N     the link's memory budget (the product's default)
  --verify-percent N   what verification may read (the product's default; 0 is off)
  --no-latency         without the latency at 2,000 records/s; --latency-seconds N (30)
  --cpu-prof           a CPU profile of the engine, in .cache/bench/profiles
       npm run bench -- mesh [options]   six links among three clusters: memory
  --records N, --size BYTES, --codec NAME, --partitions N, --peer mm2, --peer-heap-mb N as above (200000 records a topic, 4 partitions)
  --steady-seconds N   live traffic after the copy (30)
       npm run bench -- derived-crc
       npm run bench -- audit [rows]     the audit log (1000000)
       npm run bench -- health [consoles series minutes]   rules and alerts of a hub (500 2000 20)
       npm run bench -- hub [consoles series seconds hostile]   a hub with consoles that report over HTTP (500 2000 120), and others that flood it (0)
       npm run bench -- sweep [options]  the collector on a large cluster of three brokers
  --partitions N (40000), --groups N (2000), --commits N of each group (100), --records N of each partition (5)
  --sweeps N (100), --heap-mb N of each broker (1536)
       npm run bench -- beside [options]  replication latency while clusters are swept, and while history is sealed
  --partitions N (10000), --groups N (500), --series N (20000), --seconds N of each turn (30), --turns N (3)
       npm run bench -- history [options]   the history of metrics
  --series N, --hours N   what is recorded (20000 series, 24 hours at a tick of 10 s); --week-series N (200), for the reading of a week
       npm run bench -- modes [options]  monitoring in normal and reduced mode, side by side
  --partitions N (80), --groups N (10), --mirrors N (20), --minutes N (10), --copies N of each mode (3)
One line of JSON goes to stdout, progress to stderr.`;

/** @throws with one sentence for each option that is wrong */
export function parseMirrorOptions(args: string[]): MirrorBenchOptions {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{ records: text, size: text, codec: text, batch: text, partitions: text, replication: text },
      ...{
        peer: text,
        'peer-heap-mb': text,
        repeat: text,
        'memory-bytes': text,
        'verify-percent': text,
        latency: flag,
        'no-latency': flag,
      },
      ...{ 'latency-seconds': text, 'cpu-prof': flag },
    },
  });
  const parsed = mirrorOptions.safeParse({
    ...values,
    peerHeapMb: values['peer-heap-mb'],
    memoryBytes: values['memory-bytes'],
    verifyPercent: values['verify-percent'],
    latency: !values['no-latency'],
    latencySeconds: values['latency-seconds'],
    cpuProf: values['cpu-prof'],
  });
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((i) => `--${i.path.join('.')}: ${i.message}`).join('\n'));
}

/** @throws with one sentence for each option that is wrong */
export function parseMeshOptions(args: string[]): MeshBenchOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{ records: text, size: text, codec: text, partitions: text, peer: text },
      ...{ 'peer-heap-mb': text, 'steady-seconds': text },
    },
  });
  const parsed = meshOptions.safeParse({
    ...values,
    peerHeapMb: values['peer-heap-mb'],
    steadySeconds: values['steady-seconds'],
  });
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((i) => `--${i.path.join('.')}: ${i.message}`).join('\n'));
}
