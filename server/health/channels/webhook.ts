/**
 * The webhook: one JSON body of a fixed shape, signed with HMAC-SHA256 over `timestamp.body`, so that a receiver knows who sent it and that it is
 * not an old one. docs/alerts.md shows how to check it.
 */
import { createHmac } from 'node:crypto';
import type { z } from 'zod';
import type { webhookChannel } from '@/lib/contracts/monitoring/channels';
import { type Notice, webhookMessageOf } from './notice';
import { post, type Sent } from './post';

export const signatureHeader = 'x-landbridge-signature';
export const timestampHeader = 'x-landbridge-timestamp';
/** The same for every attempt at one message. */
export const deliveryHeader = 'x-landbridge-delivery';

/** @param timestamp seconds since the epoch, as it stands in the header */
export const signature = (secret: string, timestamp: string, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

export function sendWebhook(
  channel: z.infer<typeof webhookChannel>,
  notice: Notice,
  delivery: string,
  nowMs: number,
): Promise<Sent> {
  const body = JSON.stringify(webhookMessageOf(notice));
  const timestamp = String(Math.floor(nowMs / 1_000));
  const own: Record<string, string> = { [timestampHeader]: timestamp, [deliveryHeader]: delivery };
  if (channel.secret !== null) own[signatureHeader] = signature(channel.secret, timestamp, body);
  return post(channel.url, body, { ...channel.headers, ...own }, channel.ca);
}
