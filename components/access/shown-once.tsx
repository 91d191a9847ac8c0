// A secret or a one-time link that is shown once: copied, then gone. Never kept in the page's state beyond this dialog.
'use client';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Banner } from '@/components/ui/notice';

export function ShownOnce({
  title,
  items,
  onDone,
}: {
  title: string;
  items: { label: string; value: string; note?: string }[];
  onDone: () => void;
}) {
  return (
    <div className="flex flex-col gap-4">
      <Banner tone="warn" title={title} />
      <dl className="flex flex-col gap-3">
        {items.map(({ label, value, note }) => (
          <div key={label}>
            <dt className="font-medium">{label}</dt>
            <dd className="flex items-start gap-2 pt-1">
              <code className="min-w-0 flex-1 rounded-md border bg-bg px-2.5 py-1 font-mono text-[13px] break-all">
                {value}
              </code>
              <CopyButton text={value} />
            </dd>
            {note ? <dd className="pt-1 text-[13px] text-soft">{note}</dd> : null}
          </div>
        ))}
      </dl>
      <div className="flex justify-end">
        <Button kind="primary" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}
