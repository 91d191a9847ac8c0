// What is asked of /api to change decisions about health, and what it answers. Secrets come in, and never go out.
import { z } from 'zod';
import { timestampMs } from '../common';
import { consoleName } from '../console-name';
import { channelView, route } from './channels';
import { deliveryState } from './deliveries';
import { ruleArea, ruleOverride, severity } from './rules';
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
/** A channel as it is about to be saved; with `id`, as a change of that one, whose secrets are used where they are left out. */
export const channelTrial = z.strictObject({ channel: channelInput, id: z.string().max(100).optional() });
export const channelList = z.object({ channels: z.array(channelView) });

/** A channel as a form shows it to be changed: everything but its secrets. Null: it has none, or it is a secret. */
export const channelForm = channelView.extend({
  url: z.string().nullable(),
  /** Names of headers; their values are secrets. */
  headers: z.array(z.string()),
  ca: z.string().nullable(),
  host: z.string().nullable(),
  port: z.int().nullable(),
  security: z.enum(['tls', 'starttls', 'none']).nullable(),
  user: z.string().nullable(),
  from: z.string().nullable(),
  to: z.array(z.string()),
  /** Fields that stay as they are when they are left out. */
  kept: z.array(z.string()),
});
export type ChannelForm = z.infer<typeof channelForm>;

/** All of them, in order; each names channels that there are. */
export const routeList = z.strictObject({ routes: z.array(route).max(100) });
export type RouteList = z.infer<typeof routeList>;

export const acknowledgeRequest = z.strictObject({
  why: z.string().trim().min(1, 'Say what is done about it.').max(500),
  /** From whom it is taken over, where somebody has acknowledged it. */
  from: z.string().max(1_000).nullable().default(null),
});
export type AcknowledgeRequest = z.input<typeof acknowledgeRequest>;

const word = z.string().max(1_000).optional();
const count = z.coerce.number().int().min(1).max(500).default(100);

/** `alertQuery` as parameters of an address. */
export const alertParameters = z
  .strictObject({
    ...{ rule: word, cluster: word, destination: word, link: word, text: word, after: word },
    /** On a hub. */
    console: consoleName.optional(),
    status: z.enum(['OPEN', 'CLEARED', 'ALL']).default('OPEN'),
    atLeast: severity.optional(),
    area: ruleArea.optional(),
    withChildren: z.enum(['0', '1']).default('0'),
    from: z.coerce.number().pipe(timestampMs).optional(),
    until: z.coerce.number().pipe(timestampMs).optional(),
    limit: count,
  })
  .refine((one) => (one.link === undefined) === (one.destination === undefined), {
    path: ['link'],
    message: 'A link is named by its name and its destination: give both.',
  })
  .transform(({ link, destination, withChildren, ...others }) => ({
    ...others,
    withChildren: withChildren === '1',
    ...(link === undefined || destination === undefined ? {} : { link: { destination, link } }),
  }));

export const deliveryParameters = z.strictObject({
  ...{
    channel: word,
    alert: word,
    after: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
  },
  state: deliveryState.optional(),
  limit: count,
});
