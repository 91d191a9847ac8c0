// Adds topics to a link that exists: choose, see the dry run, add. The step is in the URL, the choice in the tab's session.
'use client';
import { useRouter } from 'next/navigation';
import { linkHref } from '@/components/links/paths';
import { useAddMirrors, useLink, useMirrorPreview } from '@/components/links/queries';
import { addCalls } from '@/components/links/rest-calls';
import { failureFrom } from '@/components/shell/api-client';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { serverNow } from '@/components/shell/server-clock';
import { useOrigin } from '@/components/shell/use-origin';
import { useUrlState } from '@/components/shell/use-url-state';
import { Button, ButtonLink } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { Banner } from '@/components/ui/notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { LinkRow } from '@/lib/contracts/link';
import { plural } from '@/lib/format';
import { ChoiceFields } from './choice-fields';
import {
  choiceProblems,
  emptyChoice,
  mirrorOptionsOf,
  type TopicChoice,
  topicChoice,
  wishesOf,
} from './draft';
import { PreviewedVerdicts } from './previewed-verdicts';
import { TopicPicker } from './topic-picker';
import { useSessionDraft } from './use-session-draft';

const START_KEY = 'mirror.start.offset.spec';
const PREFIX_KEY = 'cluster.link.prefix';

export function AddTopics({ destination, name }: { destination: string; name: string }) {
  const link = useLink(destination, name);
  const { draft, change, forget } = useSessionDraft(
    `landbridge.add-topics.${destination}/${name}`,
    topicChoice,
    emptyChoice,
  );
  const href = linkHref(destination, name);
  return (
    <Page>
      <PageHeader
        title="Add topics"
        crumbs={[
          { href: '/links', label: 'Links' },
          { href, label: name },
        ]}
      />
      <QueryView
        query={{ ...link, data: draft && link.data ? { draft, ...link.data } : undefined }}
        what={`link ${name}`}
        skeleton={
          <div className="rounded-lg border bg-panel">
            <TableSkeleton rows={10} widths={['w-4', 'flex-1', 'w-20']} />
          </div>
        }
      >
        {(data) => (
          <Steps
            link={data.link}
            start={data.settings.find(({ key }) => key === START_KEY)?.value ?? 'earliest'}
            prefix={data.settings.find(({ key }) => key === PREFIX_KEY)?.value ?? ''}
            draft={data.draft}
            change={change}
            forget={forget}
          />
        )}
      </QueryView>
    </Page>
  );
}

type Props = {
  link: LinkRow;
  start: string;
  prefix: string;
  draft: TopicChoice;
  change: (changes: Partial<TopicChoice>) => void;
  forget: () => void;
};

function Steps({ link, start, prefix, draft, change, forget }: Props) {
  const { params, patch } = useUrlState();
  const problems = choiceProblems({ ...draft, start: 'earliest' }, serverNow());
  const ready = draft.topics.length > 0 && Object.keys(problems).length === 0;
  if (params.get('step') === 'review' && ready) {
    return (
      <Review
        link={link}
        prefix={prefix}
        draft={draft}
        change={change}
        forget={forget}
        onBack={() => patch({ step: null }, 'push')}
      />
    );
  }
  return (
    <>
      <TopicPicker source={link.source.name} prefix={prefix} choice={draft} onChange={change} />
      <ChoiceFields choice={draft} problems={problems} onChange={change} startFixed={start} />
      <div className="flex gap-2 border-t pt-4">
        <Button kind="primary" disabled={!ready} onClick={() => patch({ step: 'review' }, 'push')}>
          Next: review
        </Button>
        <ButtonLink kind="bare" href={linkHref(link.destination.name, link.name)}>
          Cancel
        </ButtonLink>
      </div>
    </>
  );
}

function Review({
  link,
  prefix,
  draft,
  change,
  forget,
  onBack,
}: Omit<Props, 'start'> & { onBack: () => void }) {
  const router = useRouter();
  const topics = wishesOf(draft, prefix);
  const mirrorOptions = mirrorOptionsOf(draft);
  const destination = link.destination.name;
  const preview = useMirrorPreview(
    { name: link.name, source: link.source.name, destination, topics, mirrorOptions },
    true,
  );
  const add = useAddMirrors(destination, link.name);
  const failure = failureFrom(add.error);
  const origin = useOrigin();
  const ready = preview.data?.verdicts.every(({ ok }) => ok) ?? false;
  const submit = () =>
    add.mutate(
      { topics, mirrorOptions },
      {
        onSuccess: () => {
          forget();
          router.push(linkHref(destination, link.name));
        },
      },
    );
  return (
    <>
      <PreviewedVerdicts
        preview={preview}
        topics={draft.topics}
        onTopics={(left) => change({ topics: left })}
      />
      <CodeBlock
        label="The same as REST requests"
        text={addCalls(origin, {
          name: link.name,
          destinationClusterId: link.destination.clusterId,
          topics,
          ...mirrorOptions,
        })}
      />
      {failure ? <Banner tone="bad" title={`No topic was added: ${failure.message}`} live /> : null}
      <div className="flex gap-2 border-t pt-4">
        <Button kind="primary" onClick={submit} disabled={!ready || add.isPending}>
          {add.isPending ? 'Adding…' : `Add ${plural(topics.length, 'topic')}`}
        </Button>
        <Button kind="bare" onClick={onBack}>
          Back
        </Button>
      </div>
    </>
  );
}
