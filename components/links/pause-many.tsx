// Pauses or resumes many mirrors: those that were selected, or all that a pattern matches. Says first which match, and what becomes of them.
'use client';
import { useState } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { groupDigits, plural } from '@/lib/format';
import { LeftAlone } from './left-alone';
import { type ManyMirrors, usePauseMany, usePauseManyPreview } from './removal-queries';
import { useDebouncedText } from './use-debounced';

const NAMED = 8;

export function PauseMany({
  destination,
  name,
  topics,
  first,
  onClose,
  onDone,
}: {
  destination: string;
  name: string;
  /** Null: a pattern is asked for. */
  topics: readonly string[] | null;
  /** Paused, or resumed: what is chosen when it opens. */
  first: boolean;
  onClose: () => void;
  onDone: () => void;
}) {
  const [paused, setPaused] = useState(first);
  const [pattern, setPattern] = useState('');
  const [typed, setTyped] = useDebouncedText(pattern, setPattern);
  const which: ManyMirrors | null = topics ? { topics } : pattern === '' ? null : { pattern };
  const preview = usePauseManyPreview({ destination, name }, which, paused);
  const change = usePauseMany({ destination, name });
  const failure = failureFrom(preview.error);
  const rows = which ? (preview.data?.mirrors ?? []) : [];
  const changing = rows.filter(({ changes }) => changes);
  const verb = paused ? 'Pause' : 'Resume';
  const stale = typed !== pattern || preview.isPlaceholderData;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={topics ? `${verb} ${plural(topics.length, 'mirror')}?` : 'Pause or resume by pattern'}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (which && changing.length > 0 && !stale && !change.isPending)
            change.mutate({ ...which, paused }, { onSuccess: onDone });
        }}
      >
        {topics ? null : (
          <>
            <Field label="What">
              <Select
                value={paused ? 'pause' : 'resume'}
                onChange={(event) => setPaused(event.target.value === 'pause')}
              >
                <option value="pause">Pause</option>
                <option value="resume">Resume</option>
              </Select>
            </Field>
            <Field
              label="Mirrors whose whole name matches"
              error={failure?.fields.pattern ?? failure?.message}
              hint="A regular expression in RE2 syntax, such as shop\..* for all that begin with “shop.”."
            >
              <Input
                className="font-mono"
                spellCheck={false}
                placeholder="shop\..*"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
            </Field>
          </>
        )}
        <p className="text-soft" role="status">
          {which === null
            ? 'Nothing is changed before you have seen what matches.'
            : preview.data
              ? said(
                  rows.length,
                  changing.map(({ topic }) => topic),
                  paused,
                )
              : failure && topics
                ? failure.message
                : 'Looking up what matches…'}
        </p>
        <LeftAlone rows={rows} what={{ one: 'is left as it is', many: 'are left as they are' }} />
        {change.error ? <Banner tone="bad" title={failureFrom(change.error)?.message ?? ''} live /> : null}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            disabled={changing.length === 0 || stale || failure !== null || change.isPending}
          >
            {change.isPending ? 'Saving…' : `${verb} ${plural(changing.length, 'mirror')}`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function said(matched: number, changing: readonly string[], paused: boolean): string {
  if (matched === 0) return 'No mirror matches.';
  if (changing.length === 0) return `All that can be are ${paused ? 'paused' : 'mirroring'} already.`;
  const names = changing.slice(0, NAMED).join(', ');
  const more = changing.length > NAMED ? ` and ${groupDigits(changing.length - NAMED)} more` : '';
  const consequence = paused
    ? 'Mirroring of these stops, and their lag grows until they are resumed'
    : 'These go on from where they stopped';
  return `${consequence}: ${names}${more}.`;
}
