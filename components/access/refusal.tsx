// Why the server refused. When a second person is needed, the way to the request for approval stands beside it.
import Link from 'next/link';
import type { ApiFailure } from '@/components/shell/api-client';
import { Banner } from '@/components/ui/notice';

export function Refusal({ failure }: { failure: ApiFailure | null }) {
  if (!failure) return null;
  if (failure.code !== 'APPROVAL_NEEDED') return <Banner tone="bad" title={failure.message} live />;
  const { approval } = failure.fields;
  return (
    <Banner tone="warn" title={failure.message} live>
      <Link
        className="underline underline-offset-4"
        href={approval ? `/settings/approvals?id=${encodeURIComponent(approval)}` : '/settings/approvals'}
      >
        See the request for approval
      </Link>
    </Banner>
  );
}
