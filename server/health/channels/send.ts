// Sends one notice on one channel, and says exactly what happened. Retries are the outbox's.
import type { Channel } from '@/lib/contracts/monitoring/channels';
import { slackBody, teamsBody } from './chat';
import { sendEmail } from './email';
import type { Notice } from './notice';
import { pagerDutyBody } from './pagerduty';
import { post, type Sent } from './post';
import { sendWebhook } from './webhook';

/** @param delivery names the message, the same at each attempt */
export type Send = (channel: Channel, notice: Notice, delivery: string, nowMs: number) => Promise<Sent>;

export const send: Send = (channel, notice, delivery, nowMs) => {
  switch (channel.kind) {
    case 'webhook':
      return sendWebhook(channel, notice, delivery, nowMs);
    case 'slack':
      return post(channel.url, slackBody(notice), {}, channel.ca);
    case 'teams':
      return post(channel.url, teamsBody(notice), {}, channel.ca);
    case 'email':
      return sendEmail(channel, notice, delivery);
    case 'pagerduty':
      return post(channel.url, pagerDutyBody(notice, channel.routingKey), {}, channel.ca);
  }
};
