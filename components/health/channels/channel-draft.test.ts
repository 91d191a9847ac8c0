import { describe, expect, it } from 'vitest';
import { type Channel, channel, channelViewOf } from '@/lib/contracts/monitoring/channels';
import { channelForm } from '@/lib/contracts/monitoring/health-changes';
import { draftOfChannel, inputOfChannel, newChannel, withSecurity } from './channel-draft';

const nothing = {
  ...{ url: null, headers: [], ca: null, host: null, port: null, security: null },
  ...{ user: null, from: null, to: [], kept: [] },
};
const formOf = (one: Channel, over: object) =>
  channelForm.parse({ ...channelViewOf(one), ...nothing, ...over });
const hook = channel.parse({
  kind: 'webhook',
  id: 'c1',
  name: 'ops',
  url: 'https://h.example.com/in',
  secret: null,
});

describe('a new channel', () => {
  it('of each kind that is filled in is one that the server takes', () => {
    const drafts = [
      { ...newChannel('webhook'), url: 'https://h.example.com', secret: 'sixteen-characters' },
      { ...newChannel('slack'), url: 'https://hooks.slack.com/services/x' },
      { ...newChannel('teams'), url: 'https://x.webhook.office.com/y' },
      { ...newChannel('pagerduty'), routingKey: 'r' },
      { ...newChannel('email'), host: 'mx', from: 'a@example.com', to: 'b@example.com; c@example.com' },
    ];
    for (const draft of drafts) {
      const input = inputOfChannel({ ...draft, name: 'ops' }, []);
      expect(channel.safeParse({ ...input, id: 'c1' }).error?.issues ?? []).toEqual([]);
    }
  });

  it('that is not filled in is told so by the server, not kept quiet', () => {
    expect(channel.safeParse({ ...inputOfChannel(newChannel('slack'), []), id: 'c1' }).success).toBe(false);
  });
});

describe('a channel that is changed', () => {
  it('does not send what was left blank and is kept', () => {
    const draft = draftOfChannel(
      formOf(hook, { url: hook.kind === 'webhook' ? hook.url : null, kept: ['secret', 'headers'] }),
    );
    const input = inputOfChannel(draft, ['secret', 'headers']);
    expect(input).toEqual({
      kind: 'webhook',
      name: 'ops',
      enabled: true,
      ca: null,
      url: 'https://h.example.com/in',
    });
  });

  it('sends that a signature is taken away, or a new secret', () => {
    const draft = draftOfChannel(formOf(hook, { kept: ['secret'] }));
    expect(inputOfChannel({ ...draft, signing: 'none' }, ['secret'])).toMatchObject({ secret: null });
    expect(inputOfChannel({ ...draft, signing: 'new', secret: 's' }, ['secret'])).toMatchObject({
      secret: 's',
    });
  });

  it('keeps no password where there is nobody to sign in as', () => {
    const draft = { ...newChannel('email'), user: '' };
    expect(inputOfChannel(draft, ['password'])).toMatchObject({ user: null, password: null });
    expect(inputOfChannel({ ...draft, user: 'u' }, ['password'])).not.toHaveProperty('password');
  });
});

it('the port follows the kind of security, unless another was typed', () => {
  const draft = newChannel('email');
  expect(withSecurity(draft, 'tls').port).toBe('465');
  expect(withSecurity({ ...draft, port: '2525' }, 'tls').port).toBe('2525');
});
