// One person: roles, disabling, a new password, ending sessions, removal. Each is its own request, with its own refusal.
'use client';
import { type ReactNode, useState } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { useOrigin } from '@/components/shell/use-origin';
import { Button } from '@/components/ui/button';
import { ConfirmByName } from '@/components/ui/confirm-by-name';
import { Dialog } from '@/components/ui/dialog';
import { Banner } from '@/components/ui/notice';
import type { PersonView } from '@/lib/contracts/access';
import { formatDateTime, plural } from '@/lib/format';
import { draftOf, draftProblem, grantOf } from './grant-text';
import { GrantsEditor } from './grants-editor';
import { FreshButton } from './guarded-button';
import { useChangePerson, useEndSessions, useRemovePerson, useResetPassword, useVouch } from './queries';
import { Refusal } from './refusal';
import { ShownOnce } from './shown-once';

export function EditPerson({ person, onClose }: { person: PersonView; onClose: () => void }) {
  const origin = useOrigin();
  const change = useChangePerson(person.id);
  const reset = useResetPassword(person.id);
  const end = useEndSessions(person.id);
  const remove = useRemovePerson(person.id);
  const vouch = useVouch(person.id);
  const [drafts, setDrafts] = useState(() => person.grants.map(draftOf));
  const [tried, setTried] = useState(false);
  const [removing, setRemoving] = useState(false);
  const fromClaim = person.grantsFrom === 'CLAIM';
  const failure = failureFrom(change.error ?? reset.error ?? end.error ?? vouch.error);
  const save = () => {
    setTried(true);
    if (drafts.some(draftProblem)) return;
    change.mutate({ grants: drafts.map(grantOf) }, { onSuccess: onClose });
  };
  if (removing) {
    return (
      <ConfirmByName
        open
        onOpenChange={() => setRemoving(false)}
        title={`Remove ${person.displayName}?`}
        name={person.userName}
        confirmLabel="Remove person"
        busy={remove.isPending}
        error={<Refusal failure={failureFrom(remove.error)} />}
        onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
      >
        <p className="text-soft">
          Every session ends at once. What {person.displayName} did stays in the audit log. To keep the
          account for later, disable it instead.
        </p>
      </ConfirmByName>
    );
  }
  if (reset.data) {
    return (
      <Dialog open onOpenChange={onClose} title={`A new password for ${person.displayName}`}>
        <ShownOnce
          title="This link is shown once. Whoever opens it first chooses the new password."
          items={[
            {
              label: 'One-time link',
              value: origin + reset.data.link.path,
              note: `Valid until ${formatDateTime(reset.data.link.expiresAt)}.`,
            },
          ]}
          onDone={onClose}
        />
      </Dialog>
    );
  }
  return (
    <Dialog open onOpenChange={onClose} title={person.displayName} description={person.userName}>
      <div className="flex flex-col gap-4">
        {fromClaim ? (
          <p className="text-soft">
            Roles follow the groups that {person.issuer} reports at each sign-in. Change them there.
          </p>
        ) : null}
        <GrantsEditor drafts={drafts} onChange={setDrafts} showProblems={tried} disabled={fromClaim} />
        {failure ? <Banner tone="bad" title={failure.message} live /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={fromClaim || change.isPending} onClick={save}>
            {change.isPending ? 'Saving…' : 'Save roles'}
          </Button>
        </div>
        <ul className="flex flex-col divide-y border-t">
          <Step
            text={
              person.disabled
                ? 'Disabled: cannot sign in.'
                : person.sessions === 0
                  ? 'Disabled, they cannot sign in; the account stays.'
                  : `Disabling ends ${plural(person.sessions, 'session')} at once; the account stays.`
            }
          >
            <Button disabled={change.isPending} onClick={() => change.mutate({ disabled: !person.disabled })}>
              {person.disabled ? 'Enable' : 'Disable'}
            </Button>
          </Step>
          {person.unvouched ? (
            <Step text={unvouchedText(person.unvouched)}>
              <FreshButton
                step={person.unvouched}
                disabled={vouch.isPending}
                onClick={() => vouch.mutate(undefined)}
              >
                Vouch
              </FreshButton>
            </Step>
          ) : null}
          {person.kind === 'LOCAL' ? (
            <Step text="A one-time link to choose a new password. The old one works until then.">
              <Button disabled={reset.isPending} onClick={() => reset.mutate(undefined)}>
                New password link
              </Button>
            </Step>
          ) : null}
          <Step text={`${plural(person.sessions, 'session')} open.`}>
            <Button disabled={end.isPending || person.sessions === 0} onClick={() => end.mutate(undefined)}>
              End sessions
            </Button>
          </Step>
          <Step text="Takes the account away.">
            <Button kind="danger" onClick={() => setRemoving(true)}>
              Remove…
            </Button>
          </Step>
        </ul>
      </div>
    </Dialog>
  );
}

function unvouchedText({ by, countsAt }: NonNullable<PersonView['unvouched']>): string {
  const hands = `In the hands of ${by.join(', ')} so far, so it confirms nothing as a second person.`;
  return countsAt === null
    ? `${hands} Vouch when you know that somebody else uses it.`
    : `${hands} Nobody else can vouch for it: it counts from ${formatDateTime(countsAt)}.`;
}

function Step({ text, children }: { text: string; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center justify-end gap-x-3 gap-y-2 py-2.5">
      <span className="min-w-0 flex-[1_1_14rem] break-words text-soft">{text}</span>
      {children}
    </li>
  );
}
