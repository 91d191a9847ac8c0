// For tests: the requests that most tests of the API begin with.
import { expect } from 'vitest';
import * as clustersRoute from '@/app/api/clusters/route';
import * as linksRoute from '@/app/api/links/route';
import { type Call, callRoute } from './test-server';

/** Path of the link that `createLink` makes. */
export const at = { destination: 'east', name: 'orders-link' };

export const post = (body: unknown): Call => ({ method: 'POST', body });
export const plain = (name: string) => ({ name, bootstrapServers: [`${name}.example.com:9092`] });

/** Registers "west" and "east". */
export async function addClusters(): Promise<void> {
  for (const name of ['west', 'east']) {
    expect((await callRoute(clustersRoute.POST, '/api/clusters', post(plain(name)))).status).toBe(201);
  }
}

/** One mirror topic, "orders", unless `body` says otherwise. */
export function createLink(body: object = {}) {
  const request = { name: at.name, source: 'west', destination: 'east', topics: ['orders'], ...body };
  return callRoute(linksRoute.POST, '/api/links', post(request));
}
