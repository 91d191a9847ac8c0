// What a sweep will do and take, before it is begun; the same call for a script.
'use client';
import { failureFrom } from '@/components/shell/api-client';
import { useOrigin } from '@/components/shell/use-origin';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Dialog } from '@/components/ui/dialog';
import { Banner } from '@/components/ui/notice';
import type { SweepAnswer } from '@/lib/contracts/verify';
import { formatDuration, formatEstimatedBytes, groupDigits, plural } from '@/lib/format';
import { useSweep, useSweepPreview } from './sweep-queries';

export function SweepDialog({
  api,
  what,
  open,
  onOpenChange,
}: {
  /** Address of the link or the mirror. */
  api: string;
  what: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const preview = useSweepPreview(api, open);
  const sweep = useSweep(api);
  const origin = useOrigin();
  const failure = failureFrom(sweep.error ?? preview.error);
  const nothing = preview.data?.topics.length === 0;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Sweep ${what}?`}>
      <div className="flex flex-col gap-4">
        {preview.error ? null : (
          <p className="text-soft">{preview.data?.message ?? 'Looking up what there is to compare…'}</p>
        )}
        {preview.data && !nothing ? <Cost answer={preview.data} /> : null}
        {failure ? <Banner tone="bad" title={failure.message} live /> : null}
        <CodeBlock label="The same as a REST request" text={`curl -X POST '${origin}${api}/sweep'`} />
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            kind="primary"
            disabled={!preview.data || nothing || sweep.isPending}
            onClick={() => sweep.mutate(true, { onSuccess: () => onOpenChange(false) })}
          >
            Begin sweep
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Cost({ answer: { topics, offsets, bytes, seconds } }: { answer: SweepAnswer }) {
  const rows = [
    ['Mirrors', plural(topics.length, 'mirror')],
    ['Offsets', offsets === null ? 'not known yet' : groupDigits(offsets)],
    [
      'To read, both sides',
      bytes === null ? 'not known: nothing was copied since the engine started' : formatEstimatedBytes(bytes),
    ],
    ['Takes about', seconds === null ? 'not known' : formatDuration(seconds)],
  ] as const;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      {rows.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-soft">{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
