// Changes one setting of a link, live; says what it means and takes it back to its default.
'use client';
import { type FormEvent, useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import { failureFrom } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Dialog } from '@/components/ui/dialog';
import { Check, Field, Input, Select } from '@/components/ui/field';
import type { LinkRow, LinkSettingKey } from '@/lib/contracts/link';
import { AutoCreatePreview } from './filters/auto-create-preview';
import { NameFiltersField } from './filters/name-filters-field';
import { useChangeSettings } from './queries';
import { patchOf, type SettingKind, settingKinds } from './setting-kinds';

export type Setting = { key: string; value: string | null; isDefault: boolean; fixed: boolean };

export function EditSetting({
  link,
  prefix,
  setting,
  settingKey,
  onClose,
}: {
  link: LinkRow;
  /** Of the link: mirrors are named by it. */
  prefix: string;
  setting: Setting;
  settingKey: LinkSettingKey;
  onClose: () => void;
}) {
  const change = useChangeSettings(link.destination.name, link.name);
  const [typed, setTyped] = useState(setting.value ?? '');
  const [tried, setTried] = useState(false);
  const { kind, meaning } = settingKinds[settingKey];
  const parsed = patchOf(settingKey, typed);
  const failure = failureFrom(change.error);
  const save = (text: string | null) => {
    const patch = patchOf(settingKey, text);
    setTried(true);
    if (patch.success && !change.isPending) change.mutate(patch.data, { onSuccess: onClose });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(typed);
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={settingKey}
      description={meaning}
      className={cn('font-normal', kind.type === 'filters' && 'w-[min(900px,calc(100vw-32px))]')}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        {kind.type === 'operations' ? (
          <Operations options={kind.options} value={typed} onChange={setTyped} />
        ) : kind.type === 'filters' ? (
          <>
            <NameFiltersField
              label="Filters"
              list={kind.list}
              noun={kind.noun}
              value={typed}
              error={
                failure?.fields[settingKey] ?? (parsed.success ? undefined : parsed.error.issues[0]?.message)
              }
              onChange={setTyped}
            />
            {settingKey === 'auto.create.mirror.topics.filters' ? (
              <AutoCreatePreview
                request={{
                  name: link.name,
                  source: link.source.name,
                  destination: link.destination.name,
                  prefix,
                  filters: typed,
                }}
              />
            ) : null}
          </>
        ) : (
          <Field
            label={kind.type === 'number' ? `Value, in ${kind.unit}` : 'Value'}
            error={
              failure?.fields[settingKey] ??
              (tried && !parsed.success ? parsed.error.issues[0]?.message : undefined)
            }
          >
            <ValueControl kind={kind} value={typed} onChange={setTyped} />
          </Field>
        )}
        <Refusal failure={failure} />
        <div className="flex flex-wrap justify-end gap-2">
          {setting.isDefault ? null : (
            <Button className="mr-auto" disabled={change.isPending} onClick={() => save(null)}>
              Back to the default
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={change.isPending}>
            {change.isPending ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function ValueControl({
  kind,
  value,
  onChange,
}: {
  kind: SettingKind;
  value: string;
  onChange: (value: string) => void;
}) {
  if (kind.type === 'choice' || kind.type === 'boolean') {
    const options = kind.type === 'choice' ? kind.options : ['false', 'true'];
    return (
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </Select>
    );
  }
  return (
    <Input
      autoFocus
      className="font-mono"
      inputMode={kind.type === 'number' ? 'numeric' : 'text'}
      value={value}
      spellCheck={false}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Operations({
  options,
  value,
  onChange,
}: {
  options: readonly string[];
  value: string;
  onChange: (value: string) => void;
}) {
  const chosen = new Set(value.split(',').filter(Boolean));
  const toggle = (option: string, on: boolean) =>
    onChange(options.filter((one) => (one === option ? on : chosen.has(one))).join(','));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 font-medium">Needs two persons</legend>
      {options.map((option) => (
        <Check
          key={option}
          label={option}
          checked={chosen.has(option)}
          onChange={(event) => toggle(option, event.target.checked)}
        />
      ))}
    </fieldset>
  );
}
