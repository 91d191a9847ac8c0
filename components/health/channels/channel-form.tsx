// Adds or changes an alert channel. Secrets are never shown: left blank they stay, unless the channel goes to another place,
// which the server then says at their field.
'use client';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import { useSaveChannel, useTryChannel } from '@/components/health/changes';
import { healthApi } from '@/components/health/paths';
import { channelWord } from '@/components/health/words';
import { failureFrom, request } from '@/components/shell/api-client';
import { QueryView } from '@/components/shell/query-view';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Check, Field, Input, Select } from '@/components/ui/field';
import { Bar } from '@/components/ui/skeleton';
import type { ChannelKind } from '@/lib/contracts/monitoring/channels';
import { channelForm } from '@/lib/contracts/monitoring/health-changes';
import { type ChannelDraft, draftOfChannel, inputOfChannel, newChannel } from './channel-draft';
import { ChannelFields } from './channel-fields';
import { TestOutcome } from './test-outcome';

const kinds = Object.keys(channelWord) as ChannelKind[];
const wide = 'w-[min(640px,calc(100vw-32px))]';

export function AddChannel({ onClose }: { onClose: () => void }) {
  return (
    <Dialog open onOpenChange={onClose} title="Add a channel" className={wide}>
      <Form id={null} start={newChannel('webhook')} kept={[]} onClose={onClose} />
    </Dialog>
  );
}

export function ChangeChannel({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const query = useQuery({
    queryKey: ['health', 'channel', id],
    queryFn: ({ signal }) => request(healthApi('channels', id), channelForm, { signal }),
    // What is typed must not be written over by what is read.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <Dialog open onOpenChange={onClose} title={`Change ${name}`} className={wide}>
      <QueryView query={query} what="the channel" skeleton={<Bar className="h-40 w-full" />}>
        {(form) => <Form id={id} start={draftOfChannel(form)} kept={form.kept} onClose={onClose} />}
      </QueryView>
    </Dialog>
  );
}

function Form({
  id,
  start,
  kept,
  onClose,
}: {
  id: string | null;
  start: ChannelDraft;
  kept: readonly string[];
  onClose: () => void;
}) {
  const save = useSaveChannel(id);
  const test = useTryChannel(id);
  const [draft, setDraft] = useState(start);
  const failure = failureFrom(save.error);
  // Fields that are wrong are said at the field, whichever button was pressed last.
  const refused = failure ?? failureFrom(test.error);
  const set = (next: ChannelDraft) => {
    setDraft(next);
    test.reset();
  };
  const change = (part: Partial<ChannelDraft>) => set({ ...draft, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) save.mutate(inputOfChannel(draft, kept), { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Kind" hint={id === null ? undefined : 'To send by other means, add another channel.'}>
          <Select
            value={draft.kind}
            disabled={id !== null}
            onChange={(event) => {
              const { name, enabled } = draft;
              set({ ...newChannel(event.target.value as ChannelKind), name, enabled });
            }}
          >
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {channelWord[kind]}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="Name" error={refused?.fields.name}>
          <Input
            value={draft.name}
            maxLength={64}
            placeholder="Operations on call"
            onChange={(event) => change({ name: event.target.value })}
          />
        </Field>
      </div>
      <ChannelFields draft={draft} kept={kept} errors={refused?.fields ?? {}} onChange={change} />
      <Check
        label="Switched on"
        checked={draft.enabled}
        onChange={(event) => change({ enabled: event.target.checked })}
      />
      <TestOutcome test={test} />
      <Refusal failure={failure} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button
          className="mr-auto"
          disabled={test.isPending}
          title="Sends a message as it is typed here. Nothing is saved."
          onClick={() => {
            save.reset();
            test.mutate(inputOfChannel(draft, kept));
          }}
        >
          {test.isPending ? 'Testing…' : 'Test'}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={save.isPending}>
          {save.isPending ? 'Saving…' : id === null ? 'Add channel' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
