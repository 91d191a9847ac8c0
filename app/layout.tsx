// The document. The nonce comes from the proxy with each request, so every page is rendered per request.
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { ExposedBanner } from '@/components/shell/exposed-banner';
import { Providers } from '@/components/shell/providers';
import { isExposed } from '@/server/http/page-session';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Landbridge', template: '%s · Landbridge' },
  description: 'Links Apache Kafka clusters so that every record keeps its offset.',
  icons: { icon: '/icon.svg' },
};

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: dark)', color: '#0d1116' },
    { media: '(prefers-color-scheme: light)', color: '#fbfbf9' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    // The theme is set on this element before React starts.
    <html lang="en" suppressHydrationWarning>
      <head>
        <script src="/theme.js" nonce={nonce} suppressHydrationWarning />
      </head>
      <body>
        {isExposed() ? <ExposedBanner /> : null}
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
