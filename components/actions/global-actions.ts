// Actions that are there on every page. Pages add their own with useActions.
'use client';
import {
  BellOff,
  CheckCheck,
  HeartPulse,
  KeyRound,
  LayoutDashboard,
  ListChecks,
  Network,
  Plus,
  ScrollText,
  Send,
  Server,
  SunMoon,
  Users,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { everywhere, useWhyNot } from '@/components/access/use-me';
import { channelsHref, healthHref, rulesHref, silencesHref } from '@/components/health/paths';
import { useIsHub } from '@/components/shell/mode';
import { toggleTheme } from '@/components/shell/theme';
import type { Action } from './action';

export function useGlobalActions(shortcutsOn: boolean, setShortcutsOn: (on: boolean) => void): Action[] {
  const router = useRouter();
  const whyNot = useWhyNot();
  const isHub = useIsHub();
  return useMemo(() => {
    const go = (id: string, label: string, href: string, keys: string, icon: Action['icon']): Action => ({
      id,
      label,
      group: 'Go to',
      keys,
      icon,
      perform: () => router.push(href),
    });
    const health = [
      go('go.health', 'Health', healthHref, 'g h', HeartPulse),
      go('go.rules', 'Health rules', rulesHref, 'g r', ListChecks),
      go('go.silences', 'Silences', silencesHref, 'g s', BellOff),
      go('go.channels', 'Alert channels', channelsHref, 'g n', Send),
    ];
    const here = isHub
      ? [
          go('go.consoles', 'Consoles', '/hub', 'g o', LayoutDashboard),
          ...health,
          go('go.senders', 'Console keys', '/settings/consoles', 'g c', KeyRound),
        ]
      : [
          go('go.overview', 'Overview', '/', 'g o', LayoutDashboard),
          go('go.links', 'Links', '/links', 'g l', Network),
          go('go.clusters', 'Clusters', '/clusters', 'g c', Server),
          ...health,
          go('go.approvals', 'Approvals', '/settings/approvals', 'g a', CheckCheck),
          go('go.endpoint', 'Health endpoint', '/settings/health-endpoint', 'g e', Send),
        ];
    return [
      ...here,
      go('go.people', 'People', '/settings/people', 'g p', Users),
      go('go.keys', 'API keys', '/settings/keys', 'g k', KeyRound),
      go('go.audit', 'Audit', '/settings/audit', 'g u', ScrollText),
      ...(isHub ? [] : creating(router, whyNot)),
      {
        id: 'console.theme',
        label: 'Switch between dark and light',
        group: 'Console',
        icon: SunMoon,
        keywords: 'theme colour mode',
        perform: toggleTheme,
      },
      {
        id: 'console.shortcuts',
        label: shortcutsOn ? 'Turn letter shortcuts off' : 'Turn letter shortcuts on',
        group: 'Console',
        keywords: 'keyboard keys accessibility',
        perform: () => setShortcutsOn(!shortcutsOn),
      },
    ];
  }, [router, whyNot, isHub, shortcutsOn, setShortcutsOn]);
}

function creating(router: ReturnType<typeof useRouter>, whyNot: ReturnType<typeof useWhyNot>): Action[] {
  return [
    {
      id: 'link.create',
      label: 'Create a link',
      group: 'Create',
      icon: Plus,
      keys: 'n l',
      keywords: 'new mirror replicate',
      disabledWhy: whyNot('operator', 'somewhere'),
      perform: () => router.push('/links/new'),
    },
    {
      id: 'cluster.create',
      label: 'Connect a cluster',
      group: 'Create',
      icon: Plus,
      keys: 'n c',
      keywords: 'new add register bootstrap',
      disabledWhy: whyNot('administrator', everywhere),
      perform: () => router.push('/clusters/new'),
    },
  ];
}
