// Where one is signed in, and a way to end each of them.
'use client';
import { Age } from '@/components/shell/age';
import { failureFrom } from '@/components/shell/api-client';
import { QueryView } from '@/components/shell/query-view';
import { Button } from '@/components/ui/button';
import { Banner } from '@/components/ui/notice';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { OwnSession } from '@/lib/contracts/sign-in';
import { formatDuration } from '@/lib/format';
import { browserName } from './browser-name';
import { useEndSession, useOwnSessions } from './queries';

type Limits = { idleLimitMs: number; absoluteLimitMs: number };

export function OwnSessions({ limits }: { limits: Limits | undefined }) {
  const query = useOwnSessions();
  const end = useEndSession();
  const failure = failureFrom(end.error);
  return (
    <Panel title="Where you are signed in" id="sessions">
      {failure ? <Banner tone="bad" title={failure.message} live /> : null}
      <QueryView
        query={query}
        what="your sessions"
        skeleton={<TableSkeleton rows={2} widths={['w-40', 'w-56']} />}
      >
        {({ sessions }) => (
          <ul>
            {sessions.map((session) => (
              <Session
                key={session.id}
                session={session}
                busy={end.isPending}
                onEnd={() => end.mutate(session.id)}
              />
            ))}
          </ul>
        )}
      </QueryView>
      {limits ? (
        <p className="border-t px-4 py-2.5 text-[13px] text-soft">
          A session ends {formatDuration(limits.idleLimitMs / 1000)} after it was last used, and{' '}
          {formatDuration(limits.absoluteLimitMs / 1000)} after the sign-in.
        </p>
      ) : null}
    </Panel>
  );
}

function Session({ session, busy, onEnd }: { session: OwnSession; busy: boolean; onEnd: () => void }) {
  const where = `${browserName(session.userAgent)}${session.address ? `, ${session.address}` : ''}`;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b px-4 py-2.5 last:border-b-0">
      <div className="min-w-0">
        <p className="break-words">
          {where}
          {session.current ? <span className="text-soft"> (this one)</span> : null}
        </p>
        <p className="text-[13px] text-soft">
          signed in <Age at={session.signedInAt} />, last used <Age at={session.lastSeenAt} />
        </p>
      </div>
      {session.current ? null : (
        <Button size="small" onClick={onEnd} disabled={busy} aria-label={`End the session of ${where}`}>
          End
        </Button>
      )}
    </li>
  );
}
