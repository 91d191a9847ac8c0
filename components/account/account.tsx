// The own account: who one is here, the password, and where one is signed in.
'use client';
import { grantText } from '@/components/access/grant-text';
import { useMe } from '@/components/access/use-me';
import { Page, PageHeader } from '@/components/shell/page-header';
import { QueryView } from '@/components/shell/query-view';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { TableSkeleton } from '@/components/ui/skeleton';
import { ChangePassword } from './change-password';
import { OwnSessions } from './own-sessions';
import { useAccount } from './queries';
import { useSignOut } from './use-sign-out';

export function Account() {
  const query = useAccount();
  const { data: me } = useMe();
  const signOut = useSignOut();
  return (
    <Page>
      <PageHeader
        title="Your account"
        actions={
          <Button onClick={() => signOut.mutate()} disabled={signOut.isPending}>
            {signOut.isPending ? 'Signing out…' : 'Sign out'}
          </Button>
        }
      />
      <QueryView
        query={query}
        what="your account"
        skeleton={
          <div className="overflow-clip rounded-lg border bg-panel">
            <TableSkeleton rows={3} widths={['w-32', 'w-56']} />
          </div>
        }
      >
        {(account) => (
          <>
            <Panel title="You" id="you">
              <dl className="grid grid-cols-[max-content_1fr] gap-x-8 gap-y-1.5 px-4 py-3">
                <dt className="text-soft">Name</dt>
                <dd className="min-w-0 break-words">{account.displayName}</dd>
                <dt className="text-soft">User name</dt>
                <dd className="min-w-0 font-mono break-all">{account.userName}</dd>
                <dt className="text-soft">Roles</dt>
                <dd className="min-w-0 break-words">{me?.grants.map(grantText).join(', ') ?? '–'}</dd>
                <dt className="text-soft">Password</dt>
                <dd className="min-w-0 break-words">
                  {account.hasPassword ? 'kept here' : account.provider ? `at ${account.provider}` : 'none'}
                </dd>
              </dl>
            </Panel>
            {account.hasPassword ? <ChangePassword userName={account.userName} /> : null}
          </>
        )}
      </QueryView>
      <OwnSessions limits={query.data} />
    </Page>
  );
}
