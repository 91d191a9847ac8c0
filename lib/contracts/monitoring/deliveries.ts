// What was sent of alerts, what waits and what was given up; and how a test of a channel went.
import { z } from 'zod';
import { timestampMs } from '../common';
import { severity } from './rules';

/** DEAD: given up, kept to be sent again by hand. CANCELLED: its channel was deleted or switched off for good. */
export const deliveryState = z.enum(['WAITING', 'DELIVERED', 'DEAD', 'CANCELLED']);
export type DeliveryState = z.infer<typeof deliveryState>;

/** AGAIN: still raised, sent again; graver, or as the route repeats it. */
export const deliveryKind = z.enum(['RAISED', 'AGAIN', 'ACKNOWLEDGED', 'CLEAR']);
export type DeliveryKind = z.infer<typeof deliveryKind>;

export const delivery = z.object({
  id: z.string(),
  alert: z.string(),
  rule: z.string(),
  title: z.string(),
  severity,
  kind: deliveryKind,
  channel: z.string(),
  /** As it was called when it was queued. */
  channelName: z.string(),
  state: deliveryState,
  createdAt: timestampMs,
  attempts: z.int(),
  /** When it was last tried, and what happened then. */
  triedAt: timestampMs.nullable(),
  said: z.string().nullable(),
  nextAt: timestampMs.nullable(),
});
export type Delivery = z.infer<typeof delivery>;

export const deliveryQuery = z.object({
  tenant: z.string().default(''),
  channel: z.string().optional(),
  alert: z.string().optional(),
  state: deliveryState.optional(),
  after: z.string().optional(),
  limit: z.int().min(1).max(500).default(100),
});
export type DeliveryQuery = z.input<typeof deliveryQuery>;

/** Newest first. */
export const deliveryPage = z.object({
  deliveries: z.array(delivery),
  next: z.string().nullable(),
  counts: z.record(deliveryState, z.int()),
});
export type DeliveryPage = z.infer<typeof deliveryPage>;

/** `said`: exactly what happened: the answer's status and text, or where it failed. */
export const channelTest = z.object({ ok: z.boolean(), said: z.string(), tookMs: z.number() });
export type ChannelTest = z.infer<typeof channelTest>;
