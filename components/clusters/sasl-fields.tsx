// Signing in to the brokers: by password, or by a token that a token endpoint gives to a client.
import { Field, Input, Select, TextArea } from '@/components/ui/field';
import { type SaslMechanism, saslMechanism } from '@/lib/contracts/cluster-security';
import type { ClusterForm, ClusterFormErrors } from './form-state';
import type { TextProps } from './tls-fields';

const keepsStored = (existing: boolean) => (existing ? 'Empty keeps the stored one.' : undefined);

export function SaslFields({
  form,
  text,
  errors,
  existing,
  onMechanism,
}: {
  form: ClusterForm;
  text: TextProps;
  errors: ClusterFormErrors;
  existing: boolean;
  onMechanism: (mechanism: SaslMechanism) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="sr-only">Sign-in with SASL</legend>
      <Field label="Mechanism" error={errors.mechanism} hint={mechanismHint[form.mechanism]}>
        <Select
          value={form.mechanism}
          onChange={(event) => onMechanism(saslMechanism.parse(event.target.value))}
        >
          {saslMechanism.options.map((mechanism) => (
            <option key={mechanism}>{mechanism}</option>
          ))}
        </Select>
      </Field>
      {form.mechanism === 'OAUTHBEARER' ? (
        <TokenFields text={text} errors={errors} existing={existing} />
      ) : (
        <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
          <Field label="User name" error={errors.username}>
            <Input {...text('username')} />
          </Field>
          <Field label="Password" error={errors.password} hint={keepsStored(existing)}>
            <Input type="password" autoComplete="new-password" {...text('password')} />
          </Field>
        </div>
      )}
    </fieldset>
  );
}

const mechanismHint: Record<SaslMechanism, string> = {
  PLAIN: 'Sends the password itself: use it with TLS only.',
  'SCRAM-SHA-256': 'Proves the password without sending it.',
  'SCRAM-SHA-512': 'Proves the password without sending it.',
  OAUTHBEARER: 'Shows a token of your identity provider (client credentials).',
};

function TokenFields({
  text,
  errors,
  existing,
}: {
  text: TextProps;
  errors: ClusterFormErrors;
  existing: boolean;
}) {
  return (
    <>
      <Field label="Token endpoint" error={errors.tokenEndpoint} hint="Its whole https address.">
        <Input className="font-mono" {...text('tokenEndpoint')} />
      </Field>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Field label="Client id" error={errors.clientId}>
          <Input {...text('clientId')} />
        </Field>
        <Field label="Client secret" error={errors.clientSecret} hint={keepsStored(existing)}>
          <Input type="password" autoComplete="new-password" {...text('clientSecret')} />
        </Field>
      </div>
      <Field label="Scope (optional)" error={errors.scope}>
        <Input className="font-mono" {...text('scope')} />
      </Field>
      <Field
        label="SASL extensions (optional)"
        error={errors.extensions}
        hint="name=value, one per line, where the brokers ask for them."
      >
        <TextArea rows={2} className="font-mono" {...text('extensions')} />
      </Field>
      <Field
        label="CA certificate of the token endpoint (optional)"
        error={errors.tokenEndpointCa}
        hint="As PEM text, where it is not publicly trusted."
      >
        <TextArea rows={3} className="font-mono" {...text('tokenEndpointCa')} />
      </Field>
    </>
  );
}
