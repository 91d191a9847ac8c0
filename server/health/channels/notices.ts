// Makes the notice of an alert, as it is at this moment; and the one that tests a channel.
import { randomUUID } from 'node:crypto';
import type { Alert } from '@/lib/contracts/monitoring/alerts';
import type { DeliveryKind } from '@/lib/contracts/monitoring/deliveries';
import { amount } from '@/lib/monitoring/amount';
import { inOneLine } from '@/server/log';
import { alertOf, type OpenAlert } from '../open-alert';
import type { Rule } from '../rule';
import { affectedText, type Notice } from './notice';

/** @param under messages of what is listed under it */
export function noticeOf(
  open: OpenAlert,
  kind: DeliveryKind,
  atMs: number,
  under: readonly string[],
  linkTo: (alert: Alert) => string | null,
): Notice {
  const alert = alertOf(open);
  const { id, rule, area, severity, title, labels, affected, createdAt, acknowledged } = alert;
  const moved = alert.cleared === 'MOVED';
  const message = [
    moved ? alertingHasMoved : null,
    alert.message,
    affectedSentence(open),
    underSentence(under),
  ];
  return {
    ...{ id, rule, area, kind, severity, title, atMs },
    // Whoever may commit for a group gives it its name: it makes no lines of its own in what people are told.
    labels: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, inOneLine(value)])),
    affected: { ...affected, items: affected.items.map(inOneLine) },
    ...measuredOf(alert, open.rule),
    ...(moved ? { moved } : {}),
    message: inOneLine(message.filter((text) => text !== null).join(' ')),
    createdAtMs: createdAt,
    acknowledgedBy: acknowledged?.by ?? null,
    steps: open.rule.steps,
    link: linkTo(alert),
  };
}

const alertingHasMoved =
  'Alerting has moved to where this console’s health reports go: it tells nothing more of this, which may not be over. It was:';

function measuredOf({ value, threshold, unit, counted }: Alert, { thresholds }: Rule): { measured?: string } {
  if (value === null || thresholds.length === 0) return {};
  const limit = threshold === null ? '' : `, limit ${amount(threshold, unit, counted)}`;
  return { measured: `${amount(value, unit, counted)}${limit}` };
}

/** Names, where they are not in the sentence already. */
function affectedSentence({ body }: OpenAlert): string | null {
  if (body.affected.count < 2 && body.affected.items.every((item) => body.message.includes(item)))
    return null;
  const names = affectedText(body.affected);
  return names === null ? null : `Affected: ${names}.`;
}

function underSentence(under: readonly string[]): string | null {
  if (under.length === 0) return null;
  const more = under.length > 5 ? ` And ${under.length - 5} more.` : '';
  return `With it: ${under.slice(0, 5).join(' ')}${more}`;
}

export function testNotice(by: string, atMs: number): Notice {
  return {
    id: randomUUID(),
    rule: 'landbridge.test',
    area: 'landbridge',
    kind: 'RAISED',
    severity: 'INFO',
    title: 'Test of an alert channel',
    message: `${by} has sent this to see whether the channel works. Nothing is wrong.`,
    labels: {},
    affected: { count: 0, items: [] },
    createdAtMs: atMs,
    atMs,
    acknowledgedBy: null,
    steps: ['Nothing is to be done.'],
    link: null,
  };
}
