// The same numbers for a script.
'use client';
import { useOrigin } from '@/components/shell/use-origin';
import { CodeBlock } from '@/components/ui/code-block';
import { useLinks } from './queries';
import { mirrorCall } from './rest-calls';

export function MirrorRestCall({
  destination,
  link,
  topic,
}: {
  destination: string;
  link: string;
  topic: string;
}) {
  const { data } = useLinks();
  const row = data?.links.find((one) => one.name === link && one.destination.name === destination);
  const origin = useOrigin();
  return (
    <CodeBlock
      label="The same as a REST request"
      text={mirrorCall(origin, row?.destination.clusterId ?? null, link, topic)}
    />
  );
}
