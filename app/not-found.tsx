// Any address that no page has; Next renders it outside of the console's layout, so it brings the frame itself.
import { NotFoundView } from '@/components/shell/not-found-view';
import { Shell } from '@/components/shell/shell';

export default function NotFound() {
  return (
    <Shell>
      <NotFoundView />
    </Shell>
  );
}
