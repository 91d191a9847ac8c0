// A channel as a form holds it, and what is sent of it: secrets that are left blank are not sent, so that they stay. Pure.
import type { ChannelKind } from '@/lib/contracts/monitoring/channels';
import type { ChannelForm, ChannelInput } from '@/lib/contracts/monitoring/health-changes';

export type HeaderDraft = { key: number; name: string; value: string };
export type ChannelDraft = {
  kind: ChannelKind;
  name: string;
  enabled: boolean;
  url: string;
  ca: string;
  /** Of a webhook. */
  signing: 'kept' | 'new' | 'none';
  secret: string;
  headers: HeaderDraft[];
  /** The stored headers stay; there are none to edit, as nobody is shown their values. */
  headersKept: boolean;
  host: string;
  port: string;
  security: 'tls' | 'starttls' | 'none';
  user: string;
  password: string;
  from: string;
  to: string;
  routingKey: string;
};

const PAGERDUTY_URL = 'https://events.pagerduty.com/v2/enqueue';
const ports = { tls: '465', starttls: '587', none: '25' } as const;

export function newChannel(kind: ChannelKind): ChannelDraft {
  return {
    ...{ kind, name: '', enabled: true, url: kind === 'pagerduty' ? PAGERDUTY_URL : '', ca: '' },
    ...{ signing: 'new', secret: '', headers: [], headersKept: false },
    ...{ host: '', port: ports.starttls, security: 'starttls', user: '', password: '', from: '', to: '' },
    routingKey: '',
  };
}

export function draftOfChannel(form: ChannelForm): ChannelDraft {
  return {
    ...newChannel(form.kind),
    ...{ name: form.name, enabled: form.enabled, url: form.url ?? '', ca: form.ca ?? '' },
    signing: form.kept.includes('secret') ? 'kept' : 'none',
    headersKept: form.kept.includes('headers'),
    ...{ host: form.host ?? '', port: String(form.port ?? ''), user: form.user ?? '', from: form.from ?? '' },
    security: form.security ?? 'starttls',
    to: form.to.join(', '),
  };
}

/** Another kind of security usually means another port; one that was typed stays. */
export const withSecurity = (draft: ChannelDraft, security: ChannelDraft['security']): ChannelDraft => ({
  ...draft,
  security,
  port: draft.port === '' || draft.port === ports[draft.security] ? ports[security] : draft.port,
});

/** @param kept fields that are stored and stay when they are left out */
export function inputOfChannel(draft: ChannelDraft, kept: readonly string[]): ChannelInput {
  const { kind, name, enabled } = draft;
  const common = { kind, name: name.trim(), enabled, ca: draft.ca.trim() === '' ? null : draft.ca };
  const unlessKept = (field: string, value: string, none: string | null) =>
    value.trim() !== '' ? { [field]: value.trim() } : kept.includes(field) ? {} : { [field]: none };
  switch (kind) {
    case 'webhook':
      return {
        ...common,
        ...unlessKept('url', draft.url, ''),
        ...(draft.signing === 'kept' ? {} : { secret: draft.signing === 'none' ? null : draft.secret }),
        ...(draft.headersKept
          ? {}
          : { headers: Object.fromEntries(draft.headers.map((one) => [one.name.trim(), one.value])) }),
      };
    case 'slack':
    case 'teams':
      return { ...common, ...unlessKept('url', draft.url, '') };
    case 'pagerduty':
      return { ...common, url: draft.url.trim(), ...unlessKept('routingKey', draft.routingKey, '') };
    case 'email':
      return {
        ...common,
        ...{ host: draft.host.trim(), port: Number(draft.port), security: draft.security },
        user: draft.user.trim() === '' ? null : draft.user.trim(),
        // Without a user there is nothing to sign in with.
        ...(draft.user.trim() === '' ? { password: null } : unlessKept('password', draft.password, null)),
        from: draft.from.trim(),
        to: draft.to
          .split(/[\s,;]+/)
          .map((one) => one.trim())
          .filter(Boolean),
      };
  }
}
