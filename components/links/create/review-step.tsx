// Step 4: what will be created on which cluster, the same as a REST request, and the one button that changes something.
'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { linkHref } from '@/components/links/paths';
import { useCreateLink, useMirrorPreview } from '@/components/links/queries';
import { createCalls } from '@/components/links/rest-calls';
import { failureFrom } from '@/components/shell/api-client';
import { useOrigin } from '@/components/shell/use-origin';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Banner } from '@/components/ui/notice';
import { plural } from '@/lib/format';
import { mirrorOptionsOf, otherDirectionOf, settingsOf, wishesOf } from './draft';
import { PreviewedVerdicts } from './previewed-verdicts';
import type { StepProps } from './step-props';

export function ReviewStep({ draft, change, go, onCreated }: StepProps & { onCreated: () => void }) {
  const router = useRouter();
  const { name, source, destination } = draft;
  const topics = wishesOf(draft, draft.prefix);
  const settings = settingsOf(draft);
  const mirrorOptions = mirrorOptionsOf(draft);
  const preview = useMirrorPreview(
    { name, source, destination, topics, settings, mirrorOptions },
    topics.length > 0,
  );
  const create = useCreateLink();
  const failure = failureFrom(create.error);
  const origin = useOrigin();
  const { sourceClusterId = null, destinationClusterId = null } = draft.check?.result ?? {};
  const ready = topics.length === 0 || (preview.data?.verdicts.every(({ ok }) => ok) ?? false);
  const other = otherDirectionOf(draft);
  const [made, setMade] = useState(false);
  const done = () => {
    onCreated();
    router.push(linkHref(destination, name));
  };
  const back = () => (other ? create.mutate(other, { onSuccess: done }) : done());
  const submit = () => {
    if (made) return back();
    create.mutate(
      { name, source, destination, settings, topics, mirrorOptions },
      {
        onSuccess: () => {
          setMade(true);
          back();
        },
      },
    );
  };
  return (
    <div className="flex flex-col gap-4">
      <p className="rounded-lg border bg-panel px-4 py-3">
        Link <span className="font-mono">{name}</span> copies{' '}
        {topics.length === 0 ? 'nothing yet' : plural(topics.length, 'topic')} from <strong>{source}</strong>{' '}
        to <strong>{destination}</strong>, starting {startText(settings['mirror.start.offset.spec'])}.
        {topics.length > 0
          ? ` The topics are created on ${destination} with the same partitions, offsets, timestamps, keys, values and headers. Nothing changes on ${source}.`
          : ''}
        {draft.autoCreate ? ' Topics that its filters include are mirrored by themselves.' : ''}
        {other
          ? ` A second link of this name leads from ${destination} to ${source}, without topics at first.`
          : ''}
      </p>
      {topics.length > 0 ? (
        <PreviewedVerdicts
          preview={preview}
          topics={draft.topics}
          onTopics={(left) => change({ topics: left })}
        />
      ) : null}
      <CodeBlock
        label="The same as REST requests"
        text={[
          createCalls(origin, {
            ...{ name, settings, topics, sourceClusterId, destinationClusterId },
            ...mirrorOptions,
          }),
          ...(other
            ? [
                createCalls(origin, {
                  ...{ name, settings: other.settings, topics: [], replicationFactor: null },
                  sourceClusterId: destinationClusterId,
                  destinationClusterId: sourceClusterId,
                }),
              ]
            : []),
        ].join('\n\n')}
      />
      {failure ? (
        <Banner
          tone="bad"
          title={
            made
              ? `The link to ${destination} was created, the other direction was not: ${failure.message}`
              : `The link was not created: ${failure.message}`
          }
          live
        >
          {Object.entries(failure.fields).map(([field, message]) => (
            <p key={field}>
              <span className="font-mono text-[13px]">{field}</span>: {message}
            </p>
          ))}
        </Banner>
      ) : null}
      <div className="flex flex-wrap gap-2 border-t pt-4">
        <Button kind="primary" onClick={submit} disabled={!ready || create.isPending}>
          {create.isPending ? 'Creating…' : made ? 'Create the other direction' : 'Create link'}
        </Button>
        <Button kind="bare" onClick={() => go('topics')}>
          Back
        </Button>
      </div>
    </div>
  );
}

function startText(spec: string | undefined): string {
  if (spec === undefined) return 'at the earliest record that is there';
  return spec === 'latest' ? 'with what is written from now on' : `at ${spec}`;
}
