/**
 * What the channels must be told of an alert now, from what they were told last: worked out from the state, so that silences that end, routes
 * that change and restarts need nothing of their own. A CLEAR follows every RAISED on its channel, silenced or not.
 */
import type { Channel, Route } from '@/lib/contracts/monitoring/channels';
import type { DeliveryKind } from '@/lib/contracts/monitoring/deliveries';
import { severityRank } from '@/lib/contracts/monitoring/rules';
import type { Silence } from '@/lib/contracts/monitoring/silences';
import { matchesAll, silencedBy } from './matching';
import { matchableOf, type OpenAlert } from './open-alert';

export type Telling = { channel: Channel; kind: DeliveryKind; alert: OpenAlert };
export type Addressees = {
  channels: ReadonlyMap<string, Channel>;
  routes: readonly Route[];
  silences: readonly Silence[];
};

/**
 * @param waiting nobody is told of it for the first time, or reminded, now: it may be over, or have a cause that is raised soon
 * @returns messages in order; the alert's `told` is as if they were sent
 */
export function tell(alert: OpenAlert, to: Addressees, nowMs: number, waiting: boolean): Telling[] {
  return alert.body.clearedAtMs === null ? tellRaised(alert, to, nowMs, waiting) : tellCleared(alert, to);
}

function tellCleared(alert: OpenAlert, { channels }: Addressees): Telling[] {
  const told = Object.keys(alert.body.told);
  alert.body.told = {};
  return told.flatMap((id) => {
    const channel = channels.get(id);
    return channel ? [{ channel, kind: 'CLEAR' as const, alert }] : [];
  });
}

function tellRaised(alert: OpenAlert, to: Addressees, nowMs: number, waiting: boolean): Telling[] {
  const { body } = alert;
  const shownAs = matchableOf(alert);
  const quiet = body.parent !== null || silencedBy(shownAs, to.silences, nowMs).length > 0;
  const tellings: Telling[] = [];
  const say = (channel: Channel, kind: DeliveryKind) => {
    const acknowledged = kind === 'ACKNOWLEDGED' || (body.told[channel.id]?.acknowledged ?? false);
    body.told[channel.id] = { severity: body.severity, atMs: nowMs, acknowledged };
    tellings.push({ channel, kind, alert });
  };
  for (const [channel, repeatMs] of quiet ? [] : routed(alert, to)) {
    const told = body.told[channel.id];
    // The clock was set back: repetitions are counted from now on.
    if (told && told.atMs > nowMs) told.atMs = nowMs;
    if (!told) {
      if (!waiting) say(channel, 'RAISED');
    } else if (severityRank(body.severity) > severityRank(told.severity)) say(channel, 'AGAIN');
    else if (repeatMs !== null && !body.acknowledged && !waiting && nowMs - told.atMs >= repeatMs)
      say(channel, 'AGAIN');
  }
  for (const [id, told] of Object.entries(body.told)) {
    const channel = to.channels.get(id);
    if (body.acknowledged && !told.acknowledged && channel?.kind === 'pagerduty')
      say(channel, 'ACKNOWLEDGED');
  }
  return tellings;
}

/** Channels that this alert goes to, each with the shortest repetition of its routes; only CRITICAL is repeated. */
function routed(alert: OpenAlert, { channels, routes }: Addressees): Map<Channel, number | null> {
  const found = new Map<Channel, number | null>();
  const shownAs = matchableOf(alert);
  for (const { matchers, atLeast, channels: ids, repeatSeconds } of routes) {
    if (severityRank(shownAs.severity) < severityRank(atLeast) || !matchesAll(shownAs, matchers)) continue;
    const repeatMs = repeatSeconds === null || shownAs.severity !== 'CRITICAL' ? null : repeatSeconds * 1_000;
    for (const id of ids) {
      const channel = channels.get(id);
      if (!channel?.enabled) continue;
      const before = found.get(channel) ?? null;
      found.set(channel, before === null ? repeatMs : Math.min(before, repeatMs ?? before));
    }
  }
  return found;
}
