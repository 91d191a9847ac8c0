// What a newcomer sees on an empty store: what to do first, and what it will take. One primary action.
'use client';
import { GuardedLink } from '@/components/access/guarded-button';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import { LinkLine } from '@/components/links/link-line';
import { CodeBlock } from '@/components/ui/code-block';
import { Page } from './page-header';

const configExample = `clusters:
  - name: dc1
    bootstrapServers: [kafka-1.example.com:9092]
    security: { protocol: PLAINTEXT }`;

const steps = [
  {
    title: 'Connect two clusters',
    text: 'Any Apache Kafka from 3.0 on, or what speaks its protocol. Nothing is installed on the brokers.',
  },
  {
    title: 'Create a link between them',
    text: 'The connection is checked on both sides, stage by stage, before anything is changed.',
  },
  {
    title: 'Choose topics',
    text: 'Each becomes a mirror: same partitions, offsets, timestamps, keys, values and headers.',
  },
];

export function FirstRun() {
  const mayNotConnect = useWhyNot()('administrator', everywhere);
  return (
    <Page>
      <div className="flex max-w-3xl flex-col gap-8 py-6 md:py-12">
        <div className="flex items-center gap-4" aria-hidden>
          <Shore label="source" />
          <LinkLine state="ACTIVE" bytesPerSecond={2e7} lagSeconds={0} className="flex-1" />
          <Shore label="destination" />
        </div>
        <header className="flex flex-col gap-2">
          <h1 className="text-2xl font-semibold">Connect your cluster</h1>
          <p className="max-w-[60ch] text-soft">
            Landbridge links Kafka clusters from outside the brokers. To them it is an ordinary client: it
            needs their address, and rights to read at the source and to write at the destination.
          </p>
        </header>
        <ol className="grid grid-cols-1 gap-6 md:grid-cols-3">
          {steps.map((step, index) => (
            <li key={step.title} className="border-t pt-3">
              <p className="text-[13px] text-soft">{index + 1}</p>
              <p className="font-medium">{step.title}</p>
              <p className="text-soft">{step.text}</p>
            </li>
          ))}
        </ol>
        <div>
          <GuardedLink kind="primary" href="/clusters/new" whyNot={mayNotConnect}>
            Connect a cluster
          </GuardedLink>
        </div>
        <details>
          <summary className="text-soft hover:text-text">Or list clusters in a file</summary>
          <div className="flex flex-col gap-2 pt-3">
            <p className="text-soft">
              Start Landbridge with{' '}
              <code className="font-mono text-text">LANDBRIDGE_CONFIG=landbridge.yaml</code>. Clusters from
              the file appear here and are edited there.
            </p>
            <CodeBlock label="landbridge.yaml" text={configExample} />
          </div>
        </details>
      </div>
    </Page>
  );
}

function Shore({ label }: { label: string }) {
  return <span className="rounded-md border bg-panel px-4 py-2 font-medium">{label}</span>;
}
