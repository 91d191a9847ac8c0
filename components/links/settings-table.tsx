// A link's settings: which are at their default, which were set, and how they are changed.
'use client';
import { useCallback, useMemo, useState } from 'react';
import { GuardedButton } from '@/components/access/guarded-button';
import { everywhere, onLink, useWhyNot } from '@/components/access/use-me';
import { DataTable } from '@/components/ui/data-table';
import { Panel } from '@/components/ui/panel';
import { columnsOf } from '@/components/ui/table-columns';
import { GRANTING_SETTINGS, type LinkRow } from '@/lib/contracts/link';
import { EditSetting, type Setting } from './edit-setting';
import { isSettingKey } from './setting-kinds';

export function SettingsTable({ link, settings }: { link: LinkRow; settings: Setting[] }) {
  const whyNot = useSettingGuard(link);
  const [editing, setEditing] = useState<string | null>(null);
  const rowAt = useCallback((index: number) => settings[index], [settings]);
  const columns = useMemo(() => columnsFor(whyNot, setEditing), [whyNot]);
  const setting = settings.find(({ key }) => key === editing);
  return (
    <Panel title="Settings" id="settings">
      <DataTable label="Settings" columns={columns} count={settings.length} rowAt={rowAt} />
      {setting && isSettingKey(setting.key) ? (
        <EditSetting
          key={setting.key}
          link={link}
          prefix={settings.find(({ key }) => key === 'cluster.link.prefix')?.value ?? ''}
          setting={setting}
          settingKey={setting.key}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </Panel>
  );
}

/** Why a setting is not this person's to change; null when it is. */
function useSettingGuard(link: LinkRow): (setting: Setting) => string | null {
  const whyNot = useWhyNot();
  const target = useMemo(() => onLink(link), [link]);
  return useCallback(
    ({ key, value }) => {
      const mayNot = whyNot('operator', target);
      if (mayNot) return mayNot;
      if (key === 'two.person.operations') return whyNot('approver', target);
      // Switching it off gives nothing to anybody.
      if (!GRANTING.has(key) || (key === 'acl.sync.enable' && value === 'true')) return null;
      const why = whyNot('administrator', everywhere);
      return why && `It gives rights on ${link.destination.name} to others. ${why}`;
    },
    [whyNot, target, link.destination.name],
  );
}
const GRANTING: ReadonlySet<string> = new Set(GRANTING_SETTINGS);

function columnsFor(whyNot: (setting: Setting) => string | null, onEdit: (key: string) => void) {
  return columnsOf<Setting>([
    [
      'key',
      'Setting',
      (row) => <span className="font-mono text-[13px]">{row.key}</span>,
      { rowHeader: true },
    ],
    [
      'value',
      'Value',
      (row) => (
        <span className="font-mono text-[13px]" title={row.value === null ? 'Not limited.' : undefined}>
          {row.value === null || row.value === '' ? 'none' : row.value}
        </span>
      ),
      { width: 'w-[34%]' },
    ],
    [
      'origin',
      'Origin',
      (row) => (row.isDefault ? <span className="text-soft">default</span> : <strong>set</strong>),
      { width: 'w-24', wideOnly: true },
    ],
    [
      'edit',
      'Action',
      (row) =>
        row.fixed ? (
          <span
            className="px-2 text-[13px] text-soft"
            title="Chosen when the link was created; it cannot be changed."
          >
            fixed
          </span>
        ) : (
          <GuardedButton
            size="small"
            kind="bare"
            whyNot={whyNot(row)}
            aria-label={`Change ${row.key}`}
            onClick={() => onEdit(row.key)}
          >
            Change
          </GuardedButton>
        ),
      { width: 'w-24' },
    ],
  ]);
}
