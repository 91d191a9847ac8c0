// A page's actions as buttons: the first few in full, and a reason instead of a dead button.
'use client';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import type { Action } from './action';

export function ActionBar({ actions, primary }: { actions: Action[]; primary?: string }) {
  return actions.map((action) => {
    const kind = action.id === primary ? 'primary' : action.danger ? 'danger' : 'plain';
    const button = (
      <Button
        key={action.id}
        kind={kind}
        aria-disabled={action.disabledWhy ? true : undefined}
        aria-label={action.short ? action.label : undefined}
        onClick={() => {
          if (!action.disabledWhy) action.perform();
        }}
      >
        {action.icon ? <action.icon aria-hidden size={15} /> : null}
        {action.short ? <Shortened label={action.label} short={action.short} /> : action.label}
      </Button>
    );
    return action.disabledWhy ? (
      <Tooltip key={action.id} text={action.disabledWhy}>
        {button}
      </Tooltip>
    ) : (
      button
    );
  });
}

/** Its name is the label, whatever is seen. */
function Shortened({ label, short }: { label: string; short: string }) {
  return (
    <>
      <span className="max-sm:hidden">{label}</span>
      <span className="sm:hidden">{short}</span>
    </>
  );
}
