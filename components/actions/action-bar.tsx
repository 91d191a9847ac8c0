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
        onClick={() => {
          if (!action.disabledWhy) action.perform();
        }}
      >
        {action.icon ? <action.icon aria-hidden size={15} /> : null}
        {action.label}
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
