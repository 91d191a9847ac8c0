// Who is signed in, with the ways to their account and out.
'use client';
import { CircleUser, LogOut, UserCog } from 'lucide-react';
import Link from 'next/link';
import { DropdownMenu } from 'radix-ui';
import { useMemo } from 'react';
import { grantText } from '@/components/access/grant-text';
import { useMe } from '@/components/access/use-me';
import { useActions } from '@/components/actions/actions-provider';
import { Button } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { useSignOut } from './use-sign-out';

const item =
  'flex h-8 cursor-pointer items-center gap-2 rounded-sm px-2 outline-none data-highlighted:bg-raised data-highlighted:text-text';

export function AccountMenu() {
  const { data: me } = useMe();
  const signOut = useSignOut();
  useActions(
    useMemo(
      () => [
        {
          id: 'console.sign-out',
          label: 'Sign out',
          group: 'Console',
          icon: LogOut,
          keywords: 'log out leave account session',
          perform: () => signOut.mutate(),
        },
      ],
      [signOut.mutate],
    ),
  );
  const name = me?.name ?? 'Account';
  return (
    <Menu
      trigger={
        <Button
          kind="bare"
          className="min-w-0 max-md:size-8 max-md:px-0 md:justify-start"
          aria-label={`Account of ${name}`}
        >
          <CircleUser aria-hidden size={16} className="shrink-0" />
          <span className="truncate max-md:hidden">{name}</span>
        </Button>
      }
      align="start"
      className="w-64 text-soft"
    >
      <DropdownMenu.Label className="flex flex-col gap-0.5 border-b px-2 pt-1 pb-2">
        <span className="truncate font-medium text-text">{name}</span>
        {me?.grants.slice(0, 4).map((grant) => (
          <span key={grantText(grant)} className="truncate text-[13px]">
            {grantText(grant)}
          </span>
        ))}
        {me && me.grants.length > 4 ? (
          <span className="text-[13px]">and {me.grants.length - 4} more</span>
        ) : null}
      </DropdownMenu.Label>
      <DropdownMenu.Item asChild>
        <Link href="/account" className={`mt-1 ${item}`}>
          <UserCog aria-hidden size={15} />
          Your account
        </Link>
      </DropdownMenu.Item>
      <DropdownMenu.Item className={item} onSelect={() => signOut.mutate()}>
        <LogOut aria-hidden size={15} />
        Sign out
      </DropdownMenu.Item>
    </Menu>
  );
}
