// The address under which this browser reaches the server, for requests to copy.
'use client';
import { useSyncExternalStore } from 'react';

const never = () => () => {};

export const useOrigin = (): string =>
  useSyncExternalStore(
    never,
    () => window.location.origin,
    () => '',
  );
