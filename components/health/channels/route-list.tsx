// Routes as sentences: which alerts go where.
import { SeverityBadge } from '@/components/health/severity';
import { matcherText } from '@/components/health/words';
import type { ChannelView, Route } from '@/lib/contracts/monitoring/channels';
import { formatDuration } from '@/lib/format';

export function RouteList({ routes, channels }: { routes: Route[]; channels: ChannelView[] }) {
  const nameOf = (id: string) => channels.find((one) => one.id === id)?.name ?? id;
  if (routes.length === 0)
    return (
      <p className="px-4 py-3 text-soft">
        No route sends alerts anywhere: they are shown under Health, and nobody is told.
      </p>
    );
  return (
    <ol className="divide-y">
      {routes.map(({ id, matchers, atLeast, channels: to, repeatSeconds }) => (
        <li
          key={id}
          className="grid grid-cols-1 items-baseline gap-x-4 gap-y-0.5 px-4 py-2 md:grid-cols-[152px_minmax(0,1.2fr)_minmax(0,1fr)]"
        >
          <span>
            <SeverityBadge severity={atLeast} />
            {atLeast === 'CRITICAL' ? null : <span className="text-soft"> or graver</span>}
          </span>
          <span className="break-words">
            {matchers.length === 0 ? (
              <span className="text-soft">all alerts</span>
            ) : (
              <span className="font-mono text-[13px]">{matchers.map(matcherText).join(', ')}</span>
            )}
          </span>
          <span className="min-w-0 break-words">
            <span className="text-soft">to</span> {to.map(nameOf).join(', ')}
            {repeatSeconds === null ? null : (
              <span className="block text-[13px] text-soft">
                critical ones again every {formatDuration(repeatSeconds)} until acknowledged
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
