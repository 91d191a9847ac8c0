// Creates an API key: name, role, end; then id and secret, shown once.
'use client';
import { type FormEvent, useState } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { createApiKeyRequest } from '@/lib/contracts/access';
import { draftProblem, grantOf } from './grant-text';
import { GrantsEditor, newDraft } from './grants-editor';
import { useCreateApiKey } from './queries';
import { ShownOnce } from './shown-once';

const dayMs = 86_400_000;
const ends = { '30': 'in 30 days', '90': 'in 90 days', '365': 'in a year', never: 'never' } as const;
type End = keyof typeof ends;

export function CreateApiKey({ onClose }: { onClose: () => void }) {
  const create = useCreateApiKey();
  const [name, setName] = useState('');
  const [drafts, setDrafts] = useState([newDraft(1)]);
  const [end, setEnd] = useState<End>('90');
  const [tried, setTried] = useState(false);
  const named = createApiKeyRequest.shape.name.safeParse(name);
  const failure = failureFrom(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const [draft] = drafts;
    if (!named.success || !draft || draftProblem(draft) || create.isPending) return;
    const expiresAt = end === 'never' ? null : Date.now() + Number(end) * dayMs;
    create.mutate({ name: named.data, grant: grantOf(draft), expiresAt });
  };
  if (create.data) {
    const { key, secret } = create.data;
    return (
      <Dialog open onOpenChange={onClose} title={`Key ${key.name}`}>
        <ShownOnce
          title="The secret is shown once. It is not stored and cannot be read again."
          items={[
            { label: 'Id', value: key.id, note: 'User name of HTTP Basic.' },
            { label: 'Secret', value: secret, note: 'Password of HTTP Basic.' },
            { label: 'Bearer token', value: `${key.id}.${secret}` },
          ]}
          onDone={onClose}
        />
      </Dialog>
    );
  }
  return (
    <Dialog open onOpenChange={onClose} title="Create an API key">
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label="Name"
          hint="The program that will hold it, such as terraform-prod."
          error={tried && !named.success ? named.error.issues[0]?.message : failure?.fields.name}
        >
          <Input
            autoFocus
            value={name}
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <GrantsEditor single drafts={drafts} onChange={setDrafts} showProblems={tried} />
        <Field label="Ends">
          <Select value={end} onChange={(event) => setEnd(event.target.value as End)}>
            {Object.entries(ends).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        {failure ? <Banner tone="bad" title={failure.message} live /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={create.isPending}>
            {create.isPending ? 'Creating…' : 'Create key'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
