// The frame around every page of the console: skip link, navigation, palette, account, theme, and the main landmark.
'use client';
import { Moon, Search, Sun } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useEffect, useState } from 'react';
import { AccountMenu } from '@/components/account/account-menu';
import { ActionsProvider, useOpenPalette } from '@/components/actions/actions-provider';
import { Button } from '@/components/ui/button';
import { Mark } from './mark';
import { Nav } from './nav';
import { SessionEnded } from './session-ended';
import { applyRememberedTheme, toggleTheme, useShownTheme } from './theme';

export function Shell({ children }: { children: ReactNode }) {
  return (
    <ActionsProvider>
      <Frame>{children}</Frame>
      <SessionEnded />
    </ActionsProvider>
  );
}

function Frame({ children }: { children: ReactNode }) {
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[208px_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-50 rounded-md border border-edge bg-panel px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <header className="z-10 flex items-center gap-2 border-b bg-bg px-3 py-1.5 max-md:sticky max-md:top-0 md:sticky md:top-0 md:h-dvh md:flex-col md:items-stretch md:gap-5 md:border-r md:border-b-0 md:px-3 md:py-5">
        <Link
          href="/"
          className="flex items-center gap-2 rounded-md font-semibold max-sm:hidden md:px-3"
          aria-label="Landbridge, overview"
        >
          <Mark />
          <span className="max-md:sr-only">Landbridge</span>
        </Link>
        <Nav />
        <div className="ml-auto flex items-center gap-1 md:mt-auto md:ml-0 md:flex-col md:items-stretch">
          <AccountMenu />
          <div className="flex items-center gap-1 md:justify-between">
            <PaletteButton />
            <ThemeButton />
          </div>
        </div>
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full max-w-[1440px] min-w-0 px-4 py-5 outline-none md:px-7"
      >
        {children}
      </main>
    </div>
  );
}

function PaletteButton() {
  const openPalette = useOpenPalette();
  const [modifier, setModifier] = useState('Ctrl');
  useEffect(() => {
    if (/mac|iphone|ipad/i.test(navigator.userAgent)) setModifier('⌘');
  }, []);
  return (
    <Button
      kind="bare"
      onClick={openPalette}
      aria-label="Search commands"
      className="max-md:size-8 max-md:px-0"
    >
      <Search aria-hidden size={15} />
      <span aria-hidden className="text-[13px] max-md:hidden">
        {modifier} K
      </span>
    </Button>
  );
}

/** A phone has no room for it: there it is among the commands. */
function ThemeButton() {
  const shown = useShownTheme();
  useEffect(applyRememberedTheme, []);
  const Icon = shown === 'dark' ? Sun : Moon;
  return (
    <Button
      kind="bare"
      size="icon"
      onClick={toggleTheme}
      aria-label={shown === 'dark' ? 'Switch to light' : 'Switch to dark'}
      className="max-sm:hidden"
    >
      <Icon aria-hidden size={16} />
    </Button>
  );
}
