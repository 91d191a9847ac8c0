// What an alert covers, as far as names are known: the first few, and all of them when asked.
'use client';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import type { Affected } from '@/lib/contracts/monitoring/alerts';
import { groupDigits } from '@/lib/format';

const FIRST = 8;

export function AffectedItems({ affected: { count, items } }: { affected: Affected }) {
  const [all, setAll] = useState(false);
  if (count === 0) return null;
  const shown = all ? items : items.slice(0, FIRST);
  const unnamed = count - items.length;
  return (
    <Panel title="Affected" id="affected" aside={<span className="text-soft">{groupDigits(count)}</span>}>
      <ul className="px-4 py-2">
        {shown.map((item) => (
          <li key={item} className="py-0.5 font-mono text-[13px] break-all">
            {item}
          </li>
        ))}
        {shown.length === items.length && unnamed > 0 ? (
          <li className="py-0.5 text-soft">
            {items.length === 0 ? '' : 'and '}
            {groupDigits(unnamed)} whose names are not listed
          </li>
        ) : null}
      </ul>
      {shown.length < items.length ? (
        <p className="border-t px-4 py-2">
          <Button size="small" onClick={() => setAll(true)}>
            Show {groupDigits(items.length)}
          </Button>
        </p>
      ) : null}
    </Panel>
  );
}
