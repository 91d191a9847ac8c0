// A page's actions as buttons, and a reason instead of a dead button. On a phone many are one button and a menu; where a page has very
// many, they are some buttons and a menu everywhere.
'use client';
import type { ComponentProps } from 'react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import type { Action } from './action';
import { ActionMenu } from './action-menu';

/** So many stand beside each other on a phone. */
const IN_A_ROW = 2;

export function ActionBar({
  actions,
  primary,
  main,
}: {
  actions: Action[];
  primary?: string;
  /** Ids of those that are buttons on a wide screen, the others are in a menu there, too. Without it all are. */
  main?: readonly string[];
}) {
  const kindOf = ({ id, danger }: Action) => (id === primary ? 'primary' : danger ? 'danger' : 'plain');
  if (actions.length <= IN_A_ROW)
    return actions.map((action) => <ActionButton key={action.id} action={action} kind={kindOf(action)} />);
  const first = mainOf(actions, primary);
  const isButton = (action: Action) => action === first || (main?.includes(action.id) ?? true);
  const rest = actions.filter((action) => !isButton(action));
  return (
    <>
      {actions.filter(isButton).map((action) => (
        <ActionButton
          key={action.id}
          action={action}
          kind={kindOf(action)}
          className={action === first ? undefined : 'max-md:hidden'}
        />
      ))}
      <ActionMenu actions={actions.filter((action) => action !== first)} className="md:hidden" />
      {rest.length > 0 ? <ActionMenu actions={rest} className="max-md:hidden" /> : null}
    </>
  );
}

/** The primary one, else the first that can be done now and breaks nothing. */
function mainOf(actions: Action[], primary: string | undefined): Action | undefined {
  return (
    actions.find(({ id }) => id === primary) ??
    actions.find(({ disabledWhy, danger }) => !disabledWhy && !danger) ??
    actions[0]
  );
}

function ActionButton({
  action,
  ...look
}: { action: Action } & Pick<ComponentProps<typeof Button>, 'kind' | 'className'>) {
  const button = (
    <Button
      {...look}
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
  return action.disabledWhy ? <Tooltip text={action.disabledWhy}>{button}</Tooltip> : button;
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
