// Routes as the editor holds them: in order, each with its matchers as rows. Pure.
import {
  draftsOf,
  type MatcherDraft,
  matchersOf,
  matchersProblem,
} from '@/components/health/silences/matchers';
import type { Route } from '@/lib/contracts/monitoring/channels';

export type RouteDraft = Omit<Route, 'matchers'> & { matchers: MatcherDraft[] };

export const routeDrafts = (routes: readonly Route[]): RouteDraft[] =>
  routes.map((route) => ({ ...route, matchers: draftsOf(route.matchers) }));

export const routesOf = (drafts: readonly RouteDraft[]): Route[] =>
  drafts.map((draft) => ({ ...draft, matchers: matchersOf(draft.matchers) }));

/** Null: it can be sent. */
export const routeProblem = ({ matchers, channels }: RouteDraft): string | null =>
  matchersProblem(matchers) ?? (channels.length === 0 ? 'Choose at least one channel.' : null);

/** An id that no other route has. */
export function newRoute(others: readonly RouteDraft[], channels: readonly string[]): RouteDraft {
  const taken = new Set(others.map(({ id }) => id));
  let number = others.length + 1;
  while (taken.has(`route-${number}`)) number++;
  return {
    ...{ id: `route-${number}`, matchers: [], atLeast: 'WARN', repeatSeconds: null },
    channels: [...channels],
  };
}
