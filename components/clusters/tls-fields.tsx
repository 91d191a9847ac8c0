// TLS settings of the cluster form: paths on the server's disk, never the files themselves.
import { Field, Input } from '@/components/ui/field';
import type { ClusterForm, ClusterFormErrors } from './form-state';

type TextProps = (key: keyof ClusterForm) => {
  value: string;
  onChange: (event: { target: { value: string } }) => void;
  spellCheck: boolean;
};

export function TlsFields({ text, errors }: { text: TextProps; errors: ClusterFormErrors }) {
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="pb-2 text-[13px] text-soft">
        TLS. Paths are on the machine that runs Landbridge; all may stay empty when the certificate is
        publicly trusted.
      </legend>
      <Field label="CA file" error={errors.caFile}>
        <Input className="font-mono" {...text('caFile')} />
      </Field>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Field label="Client certificate file" error={errors.certFile}>
          <Input className="font-mono" {...text('certFile')} />
        </Field>
        <Field label="Client key file" error={errors.keyFile}>
          <Input className="font-mono" {...text('keyFile')} />
        </Field>
      </div>
      <Field label="Server name" hint="When the certificate is for another name." error={errors.serverName}>
        <Input className="font-mono" {...text('serverName')} />
      </Field>
    </fieldset>
  );
}
