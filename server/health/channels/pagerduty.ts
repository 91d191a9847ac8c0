// PagerDuty's Events API v2: trigger, acknowledge and resolve with the alert's id as dedup_key, so that one alert is one incident.
import type { DeliveryKind } from '@/lib/contracts/monitoring/deliveries';
import type { Severity } from '@/lib/contracts/monitoring/rules';
import { affectedText, headline, type Notice } from './notice';

const summaryMax = 1_024;
const actions: Record<DeliveryKind, string> = {
  RAISED: 'trigger',
  AGAIN: 'trigger',
  ACKNOWLEDGED: 'acknowledge',
  CLEAR: 'resolve',
};
const severities: Record<Severity, string> = {
  INFO: 'info',
  WARN: 'warning',
  ERROR: 'error',
  CRITICAL: 'critical',
};

export function pagerDutyBody(notice: Notice, routingKey: string): string {
  const event = { routing_key: routingKey, event_action: actions[notice.kind], dedup_key: notice.id };
  if (event.event_action !== 'trigger') return JSON.stringify(event);
  const { labels, affected } = notice;
  return JSON.stringify({
    ...event,
    client: 'Landbridge',
    ...(notice.link === null
      ? {}
      : { client_url: notice.link, links: [{ href: notice.link, text: 'Alert in Landbridge' }] }),
    payload: {
      summary: `${headline(notice)}: ${notice.message}`.slice(0, summaryMax),
      source: labels.link ?? labels.cluster ?? 'landbridge',
      severity: severities[notice.severity],
      timestamp: new Date(notice.createdAtMs).toISOString(),
      component:
        labels.broker ?? labels.group ?? labels.topic ?? labels.link ?? labels.cluster ?? 'landbridge',
      group: notice.area,
      class: notice.rule,
      custom_details: {
        ...labels,
        message: notice.message,
        ...(notice.measured === undefined ? {} : { value: notice.measured }),
        affected: affectedText(affected) ?? '–',
        first_steps: notice.steps,
      },
    },
  });
}
