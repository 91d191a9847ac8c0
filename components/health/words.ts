// Words of Health as people read them.
import type { Affected, ClearReason } from '@/lib/contracts/monitoring/alerts';
import type { ChannelKind } from '@/lib/contracts/monitoring/channels';
import type { DeliveryKind, DeliveryState } from '@/lib/contracts/monitoring/deliveries';
import type { RuleArea, SubjectState } from '@/lib/contracts/monitoring/rules';
import type { AlertMatcher } from '@/lib/contracts/monitoring/silences';
import { groupDigits } from '@/lib/format';

export const areaWord: Record<RuleArea, string> = {
  links: 'Links',
  mirrors: 'Mirror topics',
  clusters: 'Clusters and quorum',
  brokers: 'Brokers',
  groups: 'Consumer groups',
  landbridge: 'Landbridge itself',
};

export const clearedWord: Record<ClearReason, string> = {
  OVER: 'Over',
  GONE: 'Gone',
  OFF: 'Rule off',
  LOST: 'Lost',
  MOVED: 'Moved',
};
export const clearedWhy: Record<ClearReason, string> = {
  OVER: 'The condition ended.',
  GONE: 'What it was about is not there any more.',
  OFF: 'The rule was switched off.',
  LOST: 'Nothing was heard of it for a week.',
  MOVED: 'This console went into reduced mode, where it raises no alerts.',
};

export const subjectWord: Record<SubjectState, string> = {
  OK: 'Fine',
  PENDING: 'Pending',
  RAISED: 'Raised',
  UNKNOWN: 'Unknown',
  OFF: 'Off',
};

export const channelWord: Record<ChannelKind, string> = {
  webhook: 'Webhook',
  slack: 'Slack',
  teams: 'Teams',
  email: 'E-mail',
  pagerduty: 'PagerDuty',
};

export const deliveryWord: Record<DeliveryState, string> = {
  WAITING: 'Waiting',
  DELIVERED: 'Delivered',
  DEAD: 'Given up',
  CANCELLED: 'Cancelled',
};
export const deliveryKindWord: Record<DeliveryKind, string> = {
  RAISED: 'raised',
  AGAIN: 'still raised',
  ACKNOWLEDGED: 'acknowledged',
  CLEAR: 'cleared',
};

export const matcherText = ({ label, op, value }: AlertMatcher): string =>
  `${label} ${op} ${value === '' ? 'empty' : value}`;

const NAMED = 3;

/** `orders-0, orders-1 and 398 more`; null where it covers nothing else. */
export function affectedText({ count, items }: Affected): string | null {
  if (count === 0) return null;
  const shown = items.slice(0, count > NAMED + 1 ? NAMED : NAMED + 1);
  if (shown.length === 0) return groupDigits(count);
  const more = count - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${groupDigits(more)} more` : shown.join(', ');
}
