import { expect, it } from 'vitest';
import { route } from '@/lib/contracts/monitoring/channels';
import { newRoute, routeDrafts, routeProblem, routesOf } from './route-draft';

const routes = [
  route.parse({
    id: 'all',
    matchers: [{ label: 'cluster', op: 'is', value: 'dc1' }],
    channels: ['c1'],
    repeatSeconds: 900,
  }),
];

it('routes survive being edited, and a new one gets an id of its own', () => {
  const drafts = routeDrafts(routes);
  expect(routesOf(drafts)).toEqual(routes);
  const first = newRoute(drafts, ['c1']);
  const second = newRoute([...drafts, first], ['c1']);
  expect(new Set(['all', first.id, second.id]).size).toBe(3);
  expect(route.safeParse(routesOf([first])[0]).success).toBe(true);
});

it('a route to nowhere is told as such', () => {
  expect(routeProblem(newRoute([], []))).toBe('Choose at least one channel.');
  expect(routeProblem(newRoute([], ['c1']))).toBeNull();
});
