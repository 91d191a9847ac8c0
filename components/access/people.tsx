// Settings → People: who may sign in, with which roles, and what an administrator does about it.
'use client';
import { UserPlus } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button } from '@/components/ui/button';
import { DataTable } from '@/components/ui/data-table';
import { TableSkeleton } from '@/components/ui/skeleton';
import { columnsOf } from '@/components/ui/table-columns';
import { CellValue } from '@/components/ui/value';
import type { PersonView } from '@/lib/contracts/access';
import { formatDateTime, groupDigits } from '@/lib/format';
import { EditPerson } from './edit-person';
import { grantText } from './grant-text';
import { GuardedButton } from './guarded-button';
import { InvitePerson } from './invite-person';
import { usePeople } from './queries';
import { SettingsTabs } from './settings-tabs';
import { StateMark } from './state-mark';
import { everywhere, useMe, useWhyNot } from './use-me';

export function People() {
  const query = usePeople();
  const whyNot = useWhyNot()('administrator', everywhere);
  const [inviting, setInviting] = useState(false);
  // In the address, so that one comes back to it from signing in again.
  const { params, patch } = useUrlState();
  const editing = params.get('id');
  const setEditing = useCallback((id: string | null) => patch({ id }), [patch]);
  const person = query.data?.people.find(({ id }) => id === editing);
  return (
    <Page>
      <PageHeader
        title="People"
        actions={
          <GuardedButton kind="primary" whyNot={whyNot} onClick={() => setInviting(true)}>
            <UserPlus aria-hidden size={15} />
            Invite a person
          </GuardedButton>
        }
      />
      <SettingsTabs />
      <QueryView
        query={query}
        what="the people"
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={4} widths={['w-40', 'w-48', 'w-24', 'w-32']} />
          </div>
        }
      >
        {({ people }) => <PeopleTable people={people} onEdit={setEditing} />}
      </QueryView>
      {inviting ? <InvitePerson onClose={() => setInviting(false)} /> : null}
      {person ? <EditPerson key={person.id} person={person} onClose={() => setEditing(null)} /> : null}
    </Page>
  );
}

function PeopleTable({ people, onEdit }: { people: PersonView[]; onEdit: (id: string) => void }) {
  const { data: me } = useMe();
  const rowAt = useCallback((index: number) => people[index], [people]);
  const columns = useMemo(
    () =>
      columnsOf<PersonView>([
        [
          'name',
          'Name',
          (p) => (
            <>
              {p.displayName}{' '}
              <span className="font-mono text-[13px] text-soft max-md:hidden">{p.userName}</span>
              {p.id === me?.id ? <span className="text-soft"> (you)</span> : null}
            </>
          ),
          { rowHeader: true },
        ],
        ['roles', 'Roles', (p) => <Roles person={p} />, { wideOnly: true }],
        ['state', 'State', (p) => <PersonState person={p} />, { width: 'w-32 max-md:w-28' }],
        [
          'kind',
          'Signs in',
          (p) => (p.kind === 'LOCAL' ? 'by password' : <span title={p.issuer ?? ''}>by provider</span>),
          { width: 'w-32', wideOnly: true },
        ],
        [
          'sessions',
          'Sessions',
          (p) => groupDigits(p.sessions),
          { width: 'w-20', numeric: true, wideOnly: true },
        ],
        [
          'last',
          'Last sign-in',
          (p) => <CellValue value={p.lastSignInAt} format={formatDateTime} why="Has not signed in yet." />,
          { width: 'w-44', wideOnly: true },
        ],
        [
          'edit',
          'Action',
          (p) => (
            <Button size="small" kind="bare" aria-label={`Edit ${p.userName}`} onClick={() => onEdit(p.id)}>
              Edit
            </Button>
          ),
          { width: 'w-20' },
        ],
      ]),
    [me?.id, onEdit],
  );
  return (
    <div className="overflow-clip rounded-lg border bg-panel">
      <DataTable label="People" columns={columns} count={people.length} rowAt={rowAt} />
    </div>
  );
}

function Roles({ person }: { person: PersonView }) {
  const text = person.grants.map(grantText).join('; ');
  return <span title={text}>{text}</span>;
}

function PersonState({ person: { disabled, lastSignInAt, kind, unvouched } }: { person: PersonView }) {
  if (disabled) return <StateMark shape="stopped">disabled</StateMark>;
  if (lastSignInAt === null && kind === 'LOCAL') return <StateMark shape="ring">invited</StateMark>;
  return unvouched ? (
    <StateMark shape="triangle">unvouched</StateMark>
  ) : (
    <StateMark shape="circle">active</StateMark>
  );
}
