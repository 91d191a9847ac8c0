// Begins a silence: which alerts, for how long, and why. Nothing is sent of them meanwhile; what is still raised at its end is sent then.
'use client';
import { type FormEvent, useState } from 'react';
import { Refusal } from '@/components/access/refusal';
import { useWhyNot } from '@/components/access/use-me';
import { localInput } from '@/components/audit/filter';
import { useBeginSilence } from '@/components/health/changes';
import { pinnedLabels, useTargetOf } from '@/components/health/target';
import { failureFrom } from '@/components/shell/api-client';
import { serverNow } from '@/components/shell/server-clock';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import type { AlertMatcher } from '@/lib/contracts/monitoring/silences';
import { draftsOf, matchersOf, matchersProblem } from './matchers';
import { MatchersField } from './matchers-field';
import { type WindowKey, windowOf, windows } from './windows';

export function BeginSilence({
  matchers,
  onClose,
}: {
  matchers: readonly AlertMatcher[];
  onClose: () => void;
}) {
  const begin = useBeginSilence();
  const whyNot = useWhyNot();
  const targetOf = useTargetOf();
  const [drafts, setDrafts] = useState(() => draftsOf(matchers));
  const [window, setWindow] = useState<WindowKey>('1h');
  const [own, setOwn] = useState(() => {
    const nowMs = serverNow();
    return { from: localInput(nowMs), until: localInput(nowMs + windows['1h'].ms) };
  });
  const [why, setWhy] = useState('');
  const [tried, setTried] = useState(false);
  const failure = failureFrom(begin.error);
  const problem = matchersProblem(drafts);
  const span = windowOf(window, own, serverNow());
  const mayNot = whyNot('operator', targetOf(pinnedLabels(drafts)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem || !span || why.trim() === '' || begin.isPending) return;
    begin.mutate({ matchers: matchersOf(drafts), ...span, why: why.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Silence alerts"
      description="Nothing is sent of them meanwhile. They stay on this page, and what is still raised at the end is sent then."
      className="w-[min(640px,calc(100vw-32px))]"
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <MatchersField
          drafts={drafts}
          onChange={setDrafts}
          showProblems={tried}
          none="Without a matcher every alert is silenced."
        />
        <Field
          label="For"
          error={tried && !span ? 'It ends after it begins, and not before now.' : failure?.fields.until}
        >
          <Select value={window} onChange={(event) => setWindow(event.target.value as WindowKey)}>
            {Object.entries(windows).map(([key, { label }]) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
            <option value="own">From a time to a time</option>
          </Select>
        </Field>
        {window === 'own' ? (
          <div className="grid gap-2 sm:grid-cols-2">
            <Field label="From">
              <Input
                type="datetime-local"
                value={own.from}
                onChange={(event) => setOwn({ ...own, from: event.target.value })}
              />
            </Field>
            <Field label="Until">
              <Input
                type="datetime-local"
                value={own.until}
                onChange={(event) => setOwn({ ...own, until: event.target.value })}
              />
            </Field>
          </div>
        ) : null}
        <Field
          label="Why"
          hint="For whoever finds it silent."
          error={tried && why.trim() === '' ? 'Say why.' : failure?.fields.why}
        >
          <Input
            maxLength={500}
            placeholder="Broker upgrade on dc1"
            value={why}
            onChange={(event) => setWhy(event.target.value)}
          />
        </Field>
        {mayNot ? <Banner tone="warn" title={mayNot} /> : null}
        <Refusal failure={failure} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={begin.isPending || mayNot !== null}>
            {begin.isPending ? 'Beginning…' : 'Begin silence'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
