// Step 3: which topics, from where, with how many replicas.
'use client';
import { useCallback } from 'react';
import { serverNow } from '@/components/shell/server-clock';
import { Button } from '@/components/ui/button';
import { AutoCreateFields } from './auto-create-fields';
import { ChoiceFields } from './choice-fields';
import { choiceProblems, filtersProblem, type TopicChoice } from './draft';
import type { StepProps } from './step-props';
import { TopicPicker } from './topic-picker';

export function TopicsStep({ draft, change, go }: StepProps) {
  const problems = choiceProblems(draft, serverNow());
  const filtersWrong = filtersProblem(draft);
  const setTopics = useCallback(
    (choice: Partial<Pick<TopicChoice, 'topics' | 'names'>>) => change(choice),
    [change],
  );
  const done = Object.keys(problems).length === 0 && filtersWrong === null;
  return (
    <div className="flex flex-col gap-4">
      <TopicPicker source={draft.source} prefix={draft.prefix} choice={draft} onChange={setTopics} />
      <ChoiceFields choice={draft} problems={problems} onChange={change} />
      <AutoCreateFields draft={draft} problem={filtersWrong} onChange={change} />
      <div className="flex flex-wrap items-center gap-2 border-t pt-4">
        <Button kind="primary" onClick={() => go('review')} disabled={!done}>
          Next: review
        </Button>
        <Button kind="bare" onClick={() => go('checks')}>
          Back
        </Button>
        {draft.topics.length === 0 && !draft.autoCreate ? (
          <p className="text-soft">Without topics the link is created empty; they can be added later.</p>
        ) : null}
      </div>
    </div>
  );
}
