// Invites a local account: name and roles first, then the one-time link, shown once.
'use client';
import { type FormEvent, useState } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { useOrigin } from '@/components/shell/use-origin';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { userName as userNameContract } from '@/lib/contracts/access';
import { formatDateTime } from '@/lib/format';
import { draftProblem, grantOf } from './grant-text';
import { GrantsEditor, newDraft } from './grants-editor';
import { useInvitePerson } from './queries';
import { ShownOnce } from './shown-once';

export function InvitePerson({ onClose }: { onClose: () => void }) {
  const origin = useOrigin();
  const invite = useInvitePerson();
  const [userName, setUserName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [drafts, setDrafts] = useState([newDraft(1)]);
  const [tried, setTried] = useState(false);
  const named = userNameContract.safeParse(userName);
  const failure = failureFrom(invite.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!named.success || drafts.some(draftProblem) || invite.isPending) return;
    const shown = displayName.trim();
    invite.mutate({
      userName: named.data,
      ...(shown === '' ? {} : { displayName: shown }),
      grants: drafts.map(grantOf),
    });
  };
  if (invite.data) {
    const { person, link } = invite.data;
    return (
      <Dialog open onOpenChange={onClose} title={`${person.displayName} is invited`}>
        <ShownOnce
          title="This link is shown once. Whoever opens it first chooses the password."
          items={[
            {
              label: 'One-time link',
              value: origin + link.path,
              note: `Valid until ${formatDateTime(link.expiresAt)}. Send it on a way that only ${person.displayName} can read.`,
            },
          ]}
          onDone={onClose}
        />
      </Dialog>
    );
  }
  return (
    <Dialog open onOpenChange={onClose} title="Invite a person">
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label="User name"
          hint="What the person signs in with."
          error={tried && !named.success ? named.error.issues[0]?.message : failure?.fields.userName}
        >
          <Input
            autoFocus
            value={userName}
            spellCheck={false}
            onChange={(event) => setUserName(event.target.value)}
          />
        </Field>
        <Field
          label="Name (optional)"
          hint="Shown beside the user name here. Timelines and the audit log have the user name."
        >
          <Input value={displayName} onChange={(event) => setDisplayName(event.target.value)} />
        </Field>
        <GrantsEditor drafts={drafts} onChange={setDrafts} showProblems={tried} />
        {failure ? <Banner tone="bad" title={failure.message} live /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={invite.isPending}>
            {invite.isPending ? 'Inviting…' : 'Invite'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
