// The choice of mirrors on the page that ends them: those that were selected, or all that a pattern matches.
'use client';
import { linkHref } from '@/components/links/paths';
import { useDebouncedText } from '@/components/links/use-debounced';
import { Button, ButtonLink } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { groupDigits } from '@/lib/format';
import type { MirrorChoice } from './start-draft';

const SHOWN = 6;

export function WhichMirrors({
  destination,
  link,
  choice,
  matched,
  error,
  onPattern,
}: {
  destination: string;
  link: string;
  choice: MirrorChoice | null;
  /** How many a pattern matches; undefined while that is not known. */
  matched: number | undefined;
  /** What the server says about the pattern. */
  error: string | undefined;
  onPattern: (pattern: string) => void;
}) {
  if (choice && 'topics' in choice) {
    const { topics } = choice;
    return (
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-80 break-words">
          <span className="font-medium">
            {topics.length === 1 ? 'Mirror' : `${groupDigits(topics.length)} mirrors`}
          </span>{' '}
          <span className="font-mono text-[13px]">{topics.slice(0, SHOWN).join(', ')}</span>
          {topics.length > SHOWN ? (
            <span className="text-soft"> and {groupDigits(topics.length - SHOWN)} more, all below</span>
          ) : null}
        </p>
        <Button size="small" kind="bare" onClick={() => onPattern('.*')}>
          By pattern instead
        </Button>
      </div>
    );
  }
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <PatternField
        pattern={choice ? choice.pattern : ''}
        matched={matched}
        error={error}
        onPattern={onPattern}
      />
      <ButtonLink kind="bare" className="md:mt-6" href={linkHref(destination, link)}>
        Select in the table instead
      </ButtonLink>
    </div>
  );
}

function PatternField({
  pattern,
  matched,
  error,
  onPattern,
}: {
  pattern: string;
  matched: number | undefined;
  error: string | undefined;
  onPattern: (pattern: string) => void;
}) {
  const [typed, setTyped] = useDebouncedText(pattern, onPattern);
  return (
    <Field
      className="min-w-0 flex-1 basis-72"
      label="Mirrors whose whole name matches"
      error={error}
      hint={
        matched === undefined ? (
          'A regular expression in RE2 syntax, such as shop\\..* for all that begin with “shop.”.'
        ) : (
          <span role="status">{groupDigits(matched)} match.</span>
        )
      }
    >
      <Input
        className="font-mono"
        spellCheck={false}
        placeholder="shop\..*"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </Field>
  );
}
