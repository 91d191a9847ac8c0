// What is told of an alert, as it was when it was queued: channels render it, each in its own shape. No I/O.
import type { Affected } from '@/lib/contracts/monitoring/alerts';
import type { WebhookMessage } from '@/lib/contracts/monitoring/channels';
import type { DeliveryKind } from '@/lib/contracts/monitoring/deliveries';
import type { RuleArea, Severity } from '@/lib/contracts/monitoring/rules';
import { formatDuration } from '@/lib/format';

export type Notice = {
  id: string;
  rule: string;
  area: RuleArea;
  kind: DeliveryKind;
  severity: Severity;
  title: string;
  message: string;
  labels: Readonly<Record<string, string>>;
  affected: Affected;
  /** What was measured and its limit, with units; not of what is only yes or no. */
  measured?: string;
  /** It is perhaps not over, and whoever takes health reports knows: the message says so. */
  moved?: boolean;
  /** When the alert was raised, and when this came about. */
  createdAtMs: number;
  atMs: number;
  acknowledgedBy: string | null;
  /** First steps. */
  steps: readonly string[];
  /** The alert's page; null: the console's address is not known here. */
  link: string | null;
};

export const isOver = ({ kind }: Notice): boolean => kind === 'CLEAR';

/** As domain.md has it, for webhooks. `created_at`: when this status came about. */
export const webhookMessageOf = (notice: Notice): WebhookMessage => ({
  id: notice.id,
  rule_id: notice.rule,
  severity: notice.severity,
  status: isOver(notice) ? 'CLEAR' : 'RAISED',
  title: notice.title,
  // The body has no labels: of a hub's alerts it must say whose they are.
  message: notice.labels.console ? `Console ${notice.labels.console}: ${notice.message}` : notice.message,
  created_at: notice.kind === 'RAISED' ? notice.createdAtMs : notice.atMs,
});

/** One line: `CRITICAL: Broker does not answer (west, 3)`. */
export function headline(notice: Notice): string {
  const place = Object.values(notice.labels).join(', ');
  const word = isOver(notice) ? 'CLEARED' : notice.kind === 'ACKNOWLEDGED' ? 'ACKNOWLEDGED' : notice.severity;
  return `${word}: ${notice.title}${place === '' ? '' : ` (${place})`}`;
}

/** What happened, in sentences. */
export function bodyText(notice: Notice): string {
  if (!isOver(notice) || notice.moved) return notice.message;
  return `Over after ${formatDuration(Math.max(0, notice.atMs - notice.createdAtMs) / 1_000)}. It was: ${notice.message}`;
}

export function affectedText({ count, items }: Affected, most = 10): string | null {
  if (count === 0) return null;
  const named = items.slice(0, most).join(', ');
  const more = count - Math.min(items.length, most);
  return more > 0 && named !== '' ? `${named} and ${more} more` : named === '' ? `${count}` : named;
}
