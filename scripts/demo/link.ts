// Creates the demo's link and its mirrors through Landbridge's REST API, as anybody's script would.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { DemoKey } from './console';

const CALL_LIMIT_MS = 60_000;
const POLL_MS = 300;

export const LINK = 'dc1-to-cloud';

const page = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item) });
const clusterPage = page(z.object({ cluster_id: z.string() }));
const linkPage = page(z.object({ link_name: z.string() }));
const mirrorPage = page(z.object({ mirror_topic_name: z.string(), mirror_status: z.string() }));

export type MirrorStatus = z.infer<typeof mirrorPage>['data'][number];

export class LinkApi {
  #address: string;
  #authorization: string;
  #links: string;

  constructor(address: string, key: DemoKey, destinationClusterId: string) {
    this.#address = address;
    this.#authorization = `Bearer ${key.id}.${key.secret}`;
    this.#links = `/kafka/v3/clusters/${encodeURIComponent(destinationClusterId)}/links`;
  }

  /** Waits until Landbridge has reached both clusters: links are created by cluster id. */
  async untilClustersKnown(ids: readonly string[], limitMs: number): Promise<void> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const { data } = clusterPage.parse(await this.#call('GET', '/kafka/v3/clusters'));
      const known = data.map((cluster) => cluster.cluster_id);
      const missing = ids.filter((id) => !known.includes(id));
      if (missing.length === 0) return;
      if (Date.now() > deadline)
        throw new Error(
          `Landbridge knows the clusters ${known.join(', ') || '(none)'}, but not ${missing.join(', ')}, after ${limitMs / 1000} s.`,
        );
      await sleep(POLL_MS);
    }
  }

  /** Creates the link unless it is there. @returns true when it is new */
  async ensureLink(sourceClusterId: string): Promise<boolean> {
    const { data } = linkPage.parse(await this.#call('GET', this.#links));
    if (data.some(({ link_name }) => link_name === LINK)) return false;
    await this.#call('POST', `${this.#links}?link_name=${LINK}`, {
      source_cluster_id: sourceClusterId,
      configs: [],
    });
    return true;
  }

  async ensureMirror(topic: string): Promise<void> {
    const existing = await this.mirrors();
    if (existing.some(({ mirror_topic_name }) => mirror_topic_name === topic)) return;
    await this.#call('POST', `${this.#links}/${LINK}/mirrors`, { source_topic_name: topic });
  }

  async mirrors(): Promise<MirrorStatus[]> {
    return mirrorPage.parse(await this.#call('GET', `${this.#links}/${LINK}/mirrors`)).data;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.#address + path, {
      method,
      headers: {
        authorization: this.#authorization,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(CALL_LIMIT_MS),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    if (!response.ok)
      throw new Error(
        `${method} ${path} answered ${response.status}${json ? `: ${text.slice(0, 500)}` : ''}`,
      );
    return text ? JSON.parse(text) : null;
  }
}
