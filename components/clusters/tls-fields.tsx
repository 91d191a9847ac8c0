// TLS settings of the cluster form, as PEM text: paths on the server's disk are for landbridge.yaml only.
import { Field, Input, TextArea } from '@/components/ui/field';
import type { ClusterForm, ClusterFormErrors } from './form-state';

export type TextProps = (key: keyof ClusterForm) => {
  value: string;
  onChange: (event: { target: { value: string } }) => void;
  spellCheck: boolean;
};

export function TlsFields({
  text,
  errors,
  existing,
}: {
  text: TextProps;
  errors: ClusterFormErrors;
  existing: boolean;
}) {
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="pb-2 text-[13px] text-soft">
        TLS, as PEM text. All may stay empty when the brokers’ certificate is publicly trusted.
      </legend>
      <Field label="CA certificate" error={errors.ca}>
        <TextArea rows={3} className="font-mono" {...text('ca')} />
      </Field>
      <Field label="Client certificate" error={errors.cert}>
        <TextArea rows={3} className="font-mono" {...text('cert')} />
      </Field>
      <Field
        label="Private key of the client certificate"
        error={errors.key}
        hint={existing ? 'Empty keeps the stored one.' : undefined}
      >
        <TextArea rows={3} className="font-mono" autoComplete="off" {...text('key')} />
      </Field>
      <Field
        label="Password of the private key (optional)"
        error={errors.keyPassword}
        hint={existing ? 'Empty keeps the stored one.' : undefined}
      >
        <Input type="password" autoComplete="new-password" {...text('keyPassword')} />
      </Field>
      <Field label="Server name" hint="When the certificate is for another name." error={errors.serverName}>
        <Input className="font-mono" {...text('serverName')} />
      </Field>
    </fieldset>
  );
}
