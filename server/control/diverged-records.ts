// Records that only the old side has, as a file: page by page from the engine, only as fast as it is taken. Content passes through and is kept nowhere; who
// took it and why stands in the audit log.
import type { PartingPartition } from '@/lib/contracts/remake';
import type { Actor } from '@/server/access/actor';
import type { AuditPort, AuditTarget } from '@/server/access/audit';
import type { EnginePort } from '@/server/engine-port';

type From = { linkId: string; link: string; topicId: string; sourceTopic: string; compacted: boolean };

export async function divergedRecords(
  { engine, audit }: { engine: EnginePort; audit: AuditPort },
  options: {
    actor: Actor;
    target: AuditTarget;
    reason: string | null;
    from: From;
    partitions: readonly PartingPartition[];
  },
): Promise<ReadableStream<Uint8Array>> {
  const { actor, target, reason, from } = options;
  const ranges = options.partitions.flatMap(({ partition, parted, end }) =>
    parted === null ? [] : [{ partition, from: parted, to: end }],
  );
  const details = { topic: from.sourceTopic, topicId: from.topicId, ranges };
  const operation = 'download diverged records';
  const { end } = await audit.begin({ actor, operation, target, reason, details });
  const encoder = new TextEncoder();
  let records = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          for (;;) {
            const [range] = ranges;
            if (!range) {
              await end({ result: 'OK', details: { records } });
              controller.close();
              return;
            }
            const page = await engine.request({ op: 'recordsOfSource', ...from, ...range });
            range.from = page.next;
            if (BigInt(page.next) >= BigInt(range.to)) ranges.shift();
            records += page.records;
            if (page.records === 0) continue;
            controller.enqueue(encoder.encode(page.ndjson));
            return;
          }
        } catch (error) {
          await end({ result: 'FAILED', details: { records }, message: (error as Error).message });
          throw error;
        }
      },
      async cancel() {
        await end({ result: 'FAILED', details: { records }, message: 'The download was broken off.' });
      },
    },
    { highWaterMark: 1 },
  );
}
