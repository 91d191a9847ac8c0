// What is asked of /api to change decisions about health, and what it answers. Secrets come in, and never go out.
import { z } from 'zod';
import { timestampMs } from '../common';
import { channelView, route } from './channels';
import { ruleOverride } from './rules';
import { alertMatchers, silence } from './silences';

export const overrideList = z.object({ overrides: z.array(ruleOverride) });

export const newSilence = z.strictObject({
  matchers: alertMatchers,
  /** Now, where it is left out. */
  from: timestampMs.optional(),
  until: timestampMs,
  why: z.string().trim().min(1, 'Say why, for whoever finds it silent.').max(500),
});
export type NewSilence = z.infer<typeof newSilence>;
export const silenceList = z.object({ asOf: timestampMs, silences: z.array(silence) });

/**
 * A channel as `channel` says, without its id. Of one that is changed, secrets that are left out stay, as long as it goes to the same place:
 * a secret is not sent anywhere else than where it was given for.
 */
export const channelInput = z.looseObject({
  kind: z.enum(['webhook', 'slack', 'teams', 'email', 'pagerduty']),
});
export type ChannelInput = z.infer<typeof channelInput>;
export const channelList = z.object({ channels: z.array(channelView) });

/** All of them, in order; each names channels that there are. */
export const routeList = z.strictObject({ routes: z.array(route).max(100) });
export type RouteList = z.infer<typeof routeList>;

export const acknowledgeRequest = z.strictObject({
  why: z.string().trim().min(1, 'Say what is done about it.').max(500),
});
