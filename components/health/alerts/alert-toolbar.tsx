// The filter of the alerts' page. Everything is in the address; what is typed is applied after a pause.
'use client';
import { type ReactNode, useCallback } from 'react';
import { useClusters } from '@/components/clusters/queries';
import { ConsoleChoice } from '@/components/health/console-choice';
import { severityWord } from '@/components/health/severity';
import { areaWord } from '@/components/health/words';
import { useLinks } from '@/components/links/queries';
import { useDebouncedText } from '@/components/links/use-debounced';
import { useIsHub } from '@/components/shell/mode';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { Check, Input, Select } from '@/components/ui/field';
import { ruleAreas, severities } from '@/lib/contracts/monitoring/rules';
import { type AlertFilter, type FilterKey, filterKeys, isFiltered } from './filter';

export function AlertToolbar({
  filter,
  rules,
  count,
}: {
  filter: AlertFilter;
  /** Titles of rules by id, as far as they are known. */
  rules: readonly { id: string; title: string }[];
  count: ReactNode;
}) {
  const { patch } = useUrlState();
  const { values, withChildren } = filter;
  const clusters = useClusters().data?.clusters ?? [];
  const links = useLinks().data?.links ?? [];
  const isHub = useIsHub();
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <TextFilter value={values.text ?? ''} />
      <Choice name="atLeast" label="Severity" any="Any severity" value={values.atLeast}>
        {[...severities].reverse().map((one) => (
          <option key={one} value={one}>
            {one === 'CRITICAL' ? severityWord[one] : `${severityWord[one]} or graver`}
          </option>
        ))}
      </Choice>
      <Choice name="area" label="Area" any="Any area" value={values.area}>
        {ruleAreas.map((area) => (
          <option key={area} value={area}>
            {areaWord[area]}
          </option>
        ))}
      </Choice>
      <ConsoleChoice />
      {isHub ? null : (
        <>
          <Choice name="cluster" label="Cluster" any="Any cluster" value={values.cluster}>
            {named(
              clusters.map(({ name }) => name),
              values.cluster,
            )}
          </Choice>
          <Choice name="link" label="Link" any="Any link" value={values.link}>
            {named(
              links.map(({ destination, name }) => `${destination.name}/${name}`),
              values.link,
            )}
          </Choice>
        </>
      )}
      <Choice name="rule" label="Rule" any="Any rule" value={values.rule}>
        {rules.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
        {values.rule && !rules.some(({ id }) => id === values.rule) ? <option>{values.rule}</option> : null}
      </Choice>
      <Check
        label="Also alerts that follow from others"
        checked={withChildren}
        onChange={(event) => patch({ withChildren: event.target.checked ? '1' : null })}
      />
      {isFiltered(filter) ? (
        <Button kind="bare" onClick={() => patch(Object.fromEntries(filterKeys.map((key) => [key, null])))}>
          Clear
        </Button>
      ) : null}
      <p role="status" className="text-soft sm:ml-auto">
        {count}
      </p>
    </div>
  );
}

function Choice({
  name,
  label,
  any,
  value = '',
  children,
}: {
  name: FilterKey;
  label: string;
  any: string;
  value?: string;
  children: ReactNode;
}) {
  const { patch } = useUrlState();
  return (
    <Select
      aria-label={label}
      className="w-auto sm:max-w-40 max-sm:w-[calc(50%-4px)]"
      value={value}
      onChange={(event) => patch({ [name]: event.target.value })}
    >
      <option value="">{any}</option>
      {children}
    </Select>
  );
}

/** What is asked for stays in the list, also when it is gone. */
const named = (names: readonly string[], asked: string | undefined): ReactNode =>
  [...new Set([...names, ...(asked ? [asked] : [])])].map((name) => <option key={name}>{name}</option>);

function TextFilter({ value }: { value: string }) {
  const { patch } = useUrlState();
  const apply = useCallback((text: string) => patch({ text }), [patch]);
  const [typed, setTyped] = useDebouncedText(value, apply);
  return (
    <Input
      type="search"
      aria-label="Search alerts"
      placeholder="Search"
      maxLength={200}
      className="w-full sm:w-48"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
