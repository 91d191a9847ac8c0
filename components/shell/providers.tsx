// What every page stands in: the query cache, tooltips. The cache is per browser tab and starts empty.
'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Tooltip } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { SNAPSHOT_POLL_MS } from './intervals';

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            // The next poll is the retry; "offline" means nothing for a server in one's own network.
            retry: false,
            networkMode: 'always',
            staleTime: SNAPSHOT_POLL_MS / 2,
            refetchIntervalInBackground: false,
          },
          mutations: { retry: false, networkMode: 'always' },
        },
      }),
  );
  return (
    <QueryClientProvider client={client}>
      <Tooltip.Provider delayDuration={200}>{children}</Tooltip.Provider>
    </QueryClientProvider>
  );
}
