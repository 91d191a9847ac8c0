// The fields of each kind of channel.
'use client';
import { Plus, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Field, Input, Select, TextArea } from '@/components/ui/field';
import { type ChannelDraft, withSecurity } from './channel-draft';

type Props = {
  draft: ChannelDraft;
  kept: readonly string[];
  errors: Readonly<Record<string, string>>;
  onChange: (part: Partial<ChannelDraft>) => void;
};
const STAYS = 'Left blank, the stored one stays.';

export function ChannelFields(props: Props) {
  const { draft, errors, onChange } = props;
  return (
    <>
      {draft.kind === 'webhook' ? <WebhookFields {...props} /> : null}
      {draft.kind === 'slack' || draft.kind === 'teams' ? <ChatFields {...props} /> : null}
      {draft.kind === 'pagerduty' ? <PagerDutyFields {...props} /> : null}
      {draft.kind === 'email' ? <EmailFields {...props} /> : null}
      <details>
        <summary className="text-soft hover:text-text">An authority of your own</summary>
        <Field
          label="CA certificates, PEM"
          className="pt-2"
          hint="Trusted instead of the public ones. Empty: the public ones."
          error={errors.ca}
        >
          <TextArea
            rows={4}
            className="font-mono text-[13px]"
            value={draft.ca}
            spellCheck={false}
            placeholder="-----BEGIN CERTIFICATE-----"
            onChange={(event) => onChange({ ca: event.target.value })}
          />
        </Field>
      </details>
    </>
  );
}

function Secret({
  value,
  isKept,
  onChange,
}: {
  value: string;
  isKept: boolean;
  onChange: (value: string) => void;
}) {
  return (
    <Input
      type="password"
      autoComplete="new-password"
      className="font-mono"
      value={value}
      placeholder={isKept ? '••••••••' : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Address({ draft, kept, errors, onChange, hint }: Props & { hint?: string }) {
  const isKept = kept.includes('url');
  return (
    <Field
      label="Address"
      hint={isKept ? `It holds a key, and is not shown. ${STAYS}` : hint}
      error={errors.url}
    >
      <Input
        className="font-mono"
        inputMode="url"
        value={draft.url}
        spellCheck={false}
        placeholder={isKept ? '••••••••' : 'https://'}
        onChange={(event) => onChange({ url: event.target.value })}
      />
    </Field>
  );
}

function WebhookFields(props: Props) {
  const { draft, kept, errors, onChange } = props;
  return (
    <>
      <Address {...props} hint="Gets one POST with JSON for each message." />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Signature" hint="An HMAC, by which the receiver knows who sent it.">
          <Select
            value={draft.signing}
            onChange={(event) => onChange({ signing: event.target.value as ChannelDraft['signing'] })}
          >
            {kept.includes('secret') ? <option value="kept">With the stored secret</option> : null}
            <option value="new">{kept.includes('secret') ? 'With a new secret' : 'With a secret'}</option>
            <option value="none">Not signed</option>
          </Select>
        </Field>
        {draft.signing === 'new' ? (
          <Field label="Secret" hint="At least 16 characters." error={errors.secret}>
            <Secret value={draft.secret} isKept={false} onChange={(secret) => onChange({ secret })} />
          </Field>
        ) : errors.secret ? (
          <p className="text-[13px] text-bad sm:pt-7">{errors.secret}</p>
        ) : null}
      </div>
      <Headers {...props} />
    </>
  );
}

function Headers({ draft: { headers, headersKept }, errors, onChange }: Props) {
  const error = Object.entries(errors).find(([field]) => field.startsWith('headers'))?.[1];
  const add = () =>
    onChange({
      headersKept: false,
      headers: [...headers, { key: Math.max(0, ...headers.map(({ key }) => key)) + 1, name: '', value: '' }],
    });
  const set = (key: number, part: { name?: string; value?: string }) =>
    onChange({ headers: headers.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 font-medium">Headers</legend>
      {headersKept ? (
        <p className="text-soft">
          The stored headers stay; their values are not shown.{' '}
          <button
            type="button"
            className="underline underline-offset-2 hover:text-text"
            onClick={() => onChange({ headersKept: false })}
          >
            Give others instead
          </button>
        </p>
      ) : null}
      {headers.map(({ key, name, value }, i) => (
        <div key={key} className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.5fr)_32px] gap-2">
          <Input
            aria-label={`Header ${i + 1}: name`}
            className="font-mono"
            placeholder="Authorization"
            value={name}
            spellCheck={false}
            onChange={(event) => set(key, { name: event.target.value })}
          />
          <Input
            type="password"
            autoComplete="new-password"
            aria-label={`Header ${i + 1}: value`}
            className="font-mono"
            value={value}
            onChange={(event) => set(key, { value: event.target.value })}
          />
          <Button
            kind="bare"
            size="icon"
            aria-label={`Remove header ${i + 1}`}
            onClick={() => onChange({ headers: headers.filter((one) => one.key !== key) })}
          >
            <X aria-hidden size={16} />
          </Button>
        </div>
      ))}
      {error ? <p className="text-[13px] text-bad">{error}</p> : null}
      {headersKept ? null : (
        <div>
          <Button size="small" onClick={add}>
            <Plus aria-hidden size={14} />
            Add a header
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function ChatFields(props: Props) {
  const slack = props.draft.kind === 'slack';
  return (
    <Address
      {...props}
      hint={
        slack
          ? 'Of an incoming webhook of your Slack app. Whoever knows it can post there.'
          : 'Of a workflow "when a Teams webhook request is received". Whoever knows it can post there.'
      }
    />
  );
}

function PagerDutyFields(props: Props) {
  const { draft, kept, errors, onChange } = props;
  const isKept = kept.includes('routingKey');
  return (
    <>
      <Field
        label="Integration key"
        hint={isKept ? STAYS : 'Of an "Events API v2" integration of the service.'}
        error={errors.routingKey}
      >
        <Secret
          value={draft.routingKey}
          isKept={isKept}
          onChange={(routingKey) => onChange({ routingKey })}
        />
      </Field>
      <Address {...props} hint="Another service region has another address." />
    </>
  );
}

function EmailFields({ draft, kept, errors, onChange }: Props) {
  const text = (
    field: 'host' | 'port' | 'user' | 'from' | 'to',
    label: string,
    more: { hint?: string; placeholder?: string } = {},
  ) => (
    <Field
      label={label}
      hint={more.hint}
      error={errors[field] ?? Object.entries(errors).find(([name]) => name.startsWith(`${field}.`))?.[1]}
    >
      <Input
        value={draft[field]}
        placeholder={more.placeholder}
        inputMode={field === 'port' ? 'numeric' : undefined}
        spellCheck={false}
        onChange={(event) => onChange({ [field]: event.target.value })}
      />
    </Field>
  );
  const isKept = kept.includes('password');
  return (
    <>
      <div className="grid items-start gap-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,1.500fr)_88px]">
        {text('host', 'Mail server', { placeholder: 'smtp.example.com' })}
        <Field label="Security" error={errors.security}>
          <Select
            value={draft.security}
            onChange={(event) =>
              onChange(withSecurity(draft, event.target.value as ChannelDraft['security']))
            }
          >
            <option value="starttls">STARTTLS</option>
            <option value="tls">TLS</option>
            <option value="none">None</option>
          </Select>
        </Field>
        {text('port', 'Port')}
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        {text('user', 'User', { hint: 'Empty: the server takes mail without a sign-in.' })}
        <Field label="Password" hint={isKept ? STAYS : undefined} error={errors.password}>
          <Secret value={draft.password} isKept={isKept} onChange={(password) => onChange({ password })} />
        </Field>
      </div>
      {text('from', 'From', { placeholder: 'landbridge@example.com' })}
      {text('to', 'To', { hint: 'Up to 50 addresses, with commas between.', placeholder: 'ops@example.com' })}
    </>
  );
}
