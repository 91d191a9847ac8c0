// On a hub: which console is shown, of those that one may see. The choice is in the address.
'use client';
import { useHubConsoles } from '@/components/hub/queries';
import { useIsHub } from '@/components/shell/mode';
import { useUrlState } from '@/components/shell/use-url-state';
import { Select } from '@/components/ui/field';
import { consoleName } from '@/lib/contracts/console-name';

/** Undefined: all of them; also where this is no hub. */
export function useChosenConsole(): string | undefined {
  const isHub = useIsHub();
  const { params } = useUrlState();
  const { data } = consoleName.safeParse(params.get('console'));
  return isHub ? data : undefined;
}

/** Nothing where this is no hub. */
export function ConsoleChoice() {
  const isHub = useIsHub();
  const { data } = useHubConsoles(isHub);
  const { patch } = useUrlState();
  const chosen = useChosenConsole() ?? '';
  if (!isHub) return null;
  const names = (data?.consoles ?? []).map(({ name }) => name).sort();
  return (
    <Select
      aria-label="Console"
      className="w-auto sm:max-w-56 max-sm:min-w-36 max-sm:w-[calc(50%-4px)]"
      value={chosen}
      onChange={(event) => patch({ console: event.target.value })}
    >
      <option value="">Any console</option>
      {[...new Set([...names, ...(chosen ? [chosen] : [])])].map((name) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  );
}
