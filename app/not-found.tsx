// Any address that no page has; Next renders it outside of the console's layout, so it brings the frame itself.
import { NotFoundView } from '@/components/shell/not-found-view';
import { Shell } from '@/components/shell/shell';
import { requirePageSession } from '@/server/http/page-session';

export default async function NotFound() {
  await requirePageSession();
  return (
    <Shell>
      <NotFoundView />
    </Shell>
  );
}
