// What a test of a channel came to. Exactly what happened: the receiver's own words, or where it ended.
import { Refusal } from '@/components/access/refusal';
import { StateShape } from '@/components/links/state-badge';
import { failureFrom } from '@/components/shell/api-client';
import type { ChannelTest } from '@/lib/contracts/monitoring/deliveries';
import { formatMillis } from '@/lib/format';

export function TestOutcome({ test }: { test: { data: ChannelTest | undefined; error: unknown } }) {
  const failure = failureFrom(test.error);
  if (failure) return <Refusal failure={failure} />;
  if (!test.data) return null;
  const { ok, said, tookMs } = test.data;
  return (
    <div role="status" className="rounded-md border bg-bg px-3 py-2">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <StateShape shape={ok ? 'circle' : 'square'} />
        <span className="font-medium">
          {ok ? 'The receiver took the test message' : 'The test message did not arrive'}
        </span>
        <span className="text-soft">in {formatMillis(tookMs)}</span>
      </p>
      <p className="pt-0.5 font-mono text-[13px] break-words whitespace-pre-wrap">{said}</p>
    </div>
  );
}
