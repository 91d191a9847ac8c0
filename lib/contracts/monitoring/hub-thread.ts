// What the web thread of a hub asks its data thread. Who may see which console is decided before.
import { z } from 'zod';
import { timestampMs } from '../common';
import type { hubCluster, hubConsole, hubLink, ReportTaken } from '../hub';
import { type AlertPage, alertQuery } from './alerts';
import type { HealthReport } from './health-report';
import { type historyAnswer, historyQuery } from './history';

export const hubRequest = z.discriminatedUnion('op', [
  /** The report was checked against its contract where it came in. */
  z.object({
    op: z.literal('take'),
    console: z.string(),
    report: z.custom<HealthReport>(),
    sentAt: timestampMs.nullable(),
    receivedAt: timestampMs,
  }),
  z.object({ op: z.literal('consoles'), names: z.array(z.string()) }),
  z.object({ op: z.literal('clusters'), names: z.array(z.string()) }),
  z.object({ op: z.literal('links'), names: z.array(z.string()) }),
  z.object({ op: z.literal('alerts'), console: z.string(), query: alertQuery }),
  z.object({ op: z.literal('history'), console: z.string(), query: historyQuery }),
  /** All that is known of a console: its history, its alerts, what it told last. */
  z.object({ op: z.literal('forget'), console: z.string() }),
]);
export type HubRequest = z.infer<typeof hubRequest>;

/** What the web thread knows of it comes on top. */
export type SeenConsole = Omit<z.infer<typeof hubConsole>, 'overBudgetAt'>;

export type HubAnswers = {
  /**
   * `refused`: why it will never be taken; `conflict`: another console reports with this key. `newSeries`: of names that were not known, which
   * cost more.
   */
  take: (ReportTaken | { refused: string } | { conflict: string }) & { newSeries: number };
  consoles: SeenConsole[];
  clusters: z.infer<typeof hubCluster>[];
  links: z.infer<typeof hubLink>[];
  alerts: AlertPage;
  history: z.infer<typeof historyAnswer>;
  forget: null;
};
