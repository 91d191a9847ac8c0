// Said on every page of a cluster that is not registered.
import { ButtonLink } from '@/components/ui/button';
import { Missing } from '@/components/ui/notice';

export function NoSuchCluster({ name }: { name: string }) {
  return (
    <Missing
      title={`No cluster is called ${name}`}
      actions={<ButtonLink href="/clusters">All clusters</ButtonLink>}
    >
      It may have been removed or renamed.
    </Missing>
  );
}
