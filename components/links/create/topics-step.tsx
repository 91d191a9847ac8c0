// Step 3: which topics, from where, with how many replicas.
'use client';
import { useCallback } from 'react';
import { serverNow } from '@/components/shell/server-clock';
import { Button } from '@/components/ui/button';
import { ChoiceFields } from './choice-fields';
import { choiceProblems } from './draft';
import type { StepProps } from './step-props';
import { TopicPicker } from './topic-picker';

export function TopicsStep({ draft, change, go }: StepProps) {
  const problems = choiceProblems(draft, serverNow());
  const setTopics = useCallback((topics: string[]) => change({ topics }), [change]);
  return (
    <div className="flex flex-col gap-4">
      <TopicPicker source={draft.source} selected={draft.topics} onChange={setTopics} />
      <ChoiceFields choice={draft} problems={problems} onChange={change} />
      <div className="flex flex-wrap items-center gap-2 border-t pt-4">
        <Button kind="primary" onClick={() => go('review')} disabled={Object.keys(problems).length > 0}>
          Next: review
        </Button>
        <Button kind="bare" onClick={() => go('checks')}>
          Back
        </Button>
        {draft.topics.length === 0 ? (
          <p className="text-soft">Without topics the link is created empty; they can be added later.</p>
        ) : null}
      </div>
    </div>
  );
}
