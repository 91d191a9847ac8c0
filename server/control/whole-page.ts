// A page of alerts as long as was asked for. The data thread looks through a part of them at a time, so that nobody waits behind a long search.
import type { AlertPage } from '@/lib/contracts/monitoring/alerts';

type Part = { after?: string | undefined; limit?: number | undefined };

/** @param ask for a part; a short one may have a `next` */
export async function wholePage<Query extends Part>(
  query: Query & { limit: number },
  ask: (part: Query) => Promise<AlertPage>,
): Promise<AlertPage> {
  const page = await ask(query);
  const alerts = [...page.alerts];
  let { next } = page;
  while (next !== null && alerts.length < query.limit) {
    const more = await ask({ ...query, after: next, limit: query.limit - alerts.length });
    alerts.push(...more.alerts);
    next = more.next;
  }
  return { ...page, alerts, next };
}
