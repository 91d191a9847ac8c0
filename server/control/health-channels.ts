// Channels as they come from people and as the audit log shows them: secrets that are left out stay, but never go anywhere else. Pure.
import { type Channel, channel, channelViewOf, shownAddress } from '@/lib/contracts/monitoring/channels';
import type { ChannelForm, ChannelInput } from '@/lib/contracts/monitoring/health-changes';
import { LandbridgeError } from '@/server/errors';
import { parseInput } from '@/server/http/parse-input';

/** Fields that hold a secret, by kind; of Slack and Teams the address is one. */
const secretFields = {
  webhook: ['secret', 'headers'],
  slack: ['url'],
  teams: ['url'],
  email: ['password'],
  pagerduty: ['routingKey'],
} as const satisfies Record<Channel['kind'], readonly string[]>;

/** @throws LandbridgeError INVALID_REQUEST */
export function filledChannel(id: string, input: ChannelInput, before: Channel | null): Channel {
  const filled: Record<string, unknown> = { ...input, id };
  const kept = before?.kind === input.kind ? keptSecrets(input, before) : [];
  for (const field of kept) filled[field] = (before as Record<string, unknown>)[field];
  const made = parseInput(channel, filled, 'body');
  if (before && kept.length > 0 && placeOf(made) !== placeOf(before))
    throw new LandbridgeError(
      'INVALID_REQUEST',
      `The channel would go to another place than ${kept.join(' and ')} ${kept.length > 1 ? 'were' : 'was'} given for. Give ${kept.length > 1 ? 'them' : 'it'} again.`,
      {
        fields: Object.fromEntries(
          kept.map((field) => [field, 'Give it again: the channel goes to another place now.']),
        ),
      },
    );
  return made;
}

/** What is behind the host may be a key: then the whole address of a webhook is as secret as one of Slack. */
function secretFieldsOf(one: Channel): readonly string[] {
  if (one.kind !== 'webhook') return secretFields[one.kind];
  const { pathname, search, password } = new URL(one.url);
  const open = pathname === '/' && search === '' && password === '';
  return open ? secretFields.webhook : [...secretFields.webhook, 'url'];
}

function keptSecrets(input: ChannelInput, before: Channel): string[] {
  return secretFieldsOf(before).filter((field) => {
    const stored = (before as Record<string, unknown>)[field];
    const nothing =
      stored === null || (typeof stored === 'object' && Object.keys(stored as object).length === 0);
    return input[field] === undefined && !nothing;
  });
}

/** Where it goes and as whom. An authority that is trusted is part of it: whoever chooses one can stand in between. */
function placeOf(one: Channel): string {
  switch (one.kind) {
    case 'slack':
    case 'teams':
      // Their address is the secret itself.
      return one.ca ?? '';
    case 'email':
      return JSON.stringify([one.host, one.port, one.security, one.user, one.ca]);
    case 'webhook':
    case 'pagerduty':
      return JSON.stringify([new URL(one.url).origin, one.ca]);
  }
}

/** What may be shown of it to whoever changes it. */
export function channelFormOf(one: Channel): ChannelForm {
  const ofMail = one.kind === 'email' ? one : null;
  return {
    ...channelViewOf(one),
    url: 'url' in one && !secretFieldsOf(one).includes('url') ? one.url : null,
    headers: one.kind === 'webhook' ? Object.keys(one.headers) : [],
    ca: one.ca,
    host: ofMail?.host ?? null,
    port: ofMail?.port ?? null,
    security: ofMail?.security ?? null,
    user: ofMail?.user ?? null,
    from: ofMail?.from ?? null,
    to: ofMail?.to ?? [],
    kept: keptSecrets({ kind: one.kind }, one),
  };
}

/** As the audit log may have it. */
export function shownChannel(one: Channel, before: Channel | null): object {
  const shown: Record<string, unknown> = { ...one };
  for (const field of secretFields[one.kind]) {
    const value = JSON.stringify(shown[field] ?? null);
    if (value === 'null' || value === '{}') continue;
    const same =
      before === null || JSON.stringify((before as Record<string, unknown>)[field] ?? null) === value;
    shown[field] = same ? 'secret' : 'secret (changed)';
  }
  if ('url' in one && (one.kind === 'webhook' || one.kind === 'pagerduty')) {
    const changed = before !== null && 'url' in before && before.url !== one.url;
    shown.url = `${shownAddress(one.url)}${changed ? ' (changed)' : ''}`;
  }
  return shown;
}
