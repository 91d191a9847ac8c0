// For the access matrix: what is called in each row, and what must have come of it where it is allowed. The rows of /kafka/v3 are in access-cases-rest.ts.
import { expect } from 'vitest';
import type { MatrixActor } from './access-actors';
import type { AccessWorld } from './access-world';
import type { Call, callRoute } from './test-server';

export type Answer = Awaited<ReturnType<typeof callRoute>>;

export type MatrixCall = {
  /** For the names in the path. */
  params?: Record<string, string | string[]>;
  query?: string;
  body?: Call['body'];
  /** Where it is allowed; any of 2xx when left out. */
  status?: number;
  effect(answer: Answer): void | Promise<void>;
};

/** Called anew for each actor: it may first make what the call is about. */
export type Case = (world: AccessWorld, actor: MatrixActor) => MatrixCall | Promise<MatrixCall>;

/** What the actor may see, in the state that each row begins with. */
export const seesAll = ({ column }: MatrixActor): boolean =>
  column === 'everywhere' || column === 'key' || column === 'elsewhere';

export function seenClusters(actor: MatrixActor): string[] {
  const { column } = actor;
  if (seesAll(actor)) return ['east', 'north', 'unused', 'west'];
  if (column === 'both') return ['east', 'west'];
  if (column === 'east') return ['east'];
  return column === 'other' ? ['north'] : [];
}

export function seenLinks(actor: MatrixActor): string[] {
  const { column } = actor;
  if (seesAll(actor)) return ['guarded', 'hidden', 'orders'];
  return column === 'both' || column === 'link' ? ['guarded', 'orders'] : [];
}

/** What cannot be seen stands nowhere in the answer, not even as a word. */
export function expectNothingUnseen(actor: MatrixActor, text: string): void {
  if (!seenLinks(actor).includes('hidden')) expect(text).not.toContain('hidden');
  if (!seenClusters(actor).includes('north')) expect(text).not.toContain('north');
}

export const names = (rows: Record<string, string>[], key: string): string[] =>
  rows.map((row) => row[key] ?? '').sort();
