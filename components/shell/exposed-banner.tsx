// On every page while the console is reached over plain http on a network. It cannot be closed: the fact does not go away.
import { TriangleAlert } from 'lucide-react';

export function ExposedBanner() {
  return (
    <p className="flex items-start justify-center gap-2 border-b border-warn bg-warn-soft px-4 py-1.5 text-center text-[13px]">
      <TriangleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-warn" />
      Plain http: passwords and sessions can be read on the network between this browser and the server
      (LANDBRIDGE_INSECURE_HTTP).
    </p>
  );
}
