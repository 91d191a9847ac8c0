// Connects a cluster or changes one: what it is called, where it is, how to sign in; test first, errors at their fields.
'use client';
import { type FormEvent, useState } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { Button, ButtonLink } from '@/components/ui/button';
import { Field, Input, Select, TextArea } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { securityProtocol } from '@/lib/contracts/cluster-security';
import { ConnectionTest } from './connection-test';
import {
  type ClusterForm,
  type ClusterFormErrors,
  errorsAt,
  toConfig,
  toUpdate,
  usesSasl,
  usesTls,
} from './form-state';
import { useTestCluster } from './queries';
import { SaslFields } from './sasl-fields';
import { TlsFields } from './tls-fields';

export function ClusterFormView({
  initial,
  existing,
  saveLabel,
  cancelHref,
  busy,
  error,
  validate,
  onEdit,
  onSave,
}: {
  initial: ClusterForm;
  /** The cluster is stored: its name stays, an empty password means the stored one. */
  existing: boolean;
  saveLabel: string;
  cancelHref: string;
  busy: boolean;
  error: unknown;
  validate: (form: ClusterForm) => ClusterFormErrors | null;
  onEdit: () => void;
  onSave: (form: ClusterForm) => void;
}) {
  const [form, setForm] = useState(initial);
  const [own, setOwn] = useState<ClusterFormErrors>({});
  const test = useTestCluster();
  const failure = failureFrom(error) ?? failureFrom(test.error);
  const errors: ClusterFormErrors = { ...errorsAt(failure?.fields ?? {}), ...own };
  const set = (changes: Partial<ClusterForm>) => {
    setForm({ ...form, ...changes });
    const kept = { ...own };
    for (const key of Object.keys(changes)) delete kept[key as keyof ClusterForm];
    setOwn(kept);
    // What was found belongs to what stood there before.
    test.reset();
    onEdit();
  };
  const text = (key: keyof ClusterForm) => ({
    value: form[key],
    onChange: (event: { target: { value: string } }) => set({ [key]: event.target.value }),
    spellCheck: false,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = validate(form);
    setOwn(found ?? {});
    if (!found) onSave(form);
    else focusFirstInvalid(event.currentTarget);
  };
  const runTest = () => {
    // Secrets that are left empty are the stored ones, which the server uses only for the servers they were typed for.
    const result = existing ? toUpdate(form) : toConfig(form);
    setOwn(result.ok ? {} : result.errors);
    if (result.ok) test.mutate({ ...result.value, name: form.name.trim() });
  };

  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <form onSubmit={submit} noValidate className="flex flex-col gap-4 rounded-lg border bg-panel p-5">
        {existing ? null : (
          <Field label="Name" hint="Stands in addresses and in links, for example dc1." error={errors.name}>
            <Input className="font-mono" required {...text('name')} />
          </Field>
        )}
        <Field
          label="Bootstrap servers"
          hint="host:port, one per line. Name two or three brokers, so that one may be down."
          error={errors.servers}
        >
          <TextArea rows={3} className="font-mono" required {...text('servers')} />
        </Field>
        <Field label="Security protocol" error={errors.protocol}>
          <Select
            value={form.protocol}
            onChange={(event) => set({ protocol: securityProtocol.parse(event.target.value) })}
          >
            {securityProtocol.options.map((protocol) => (
              <option key={protocol}>{protocol}</option>
            ))}
          </Select>
        </Field>
        {usesSasl(form) ? (
          <SaslFields
            form={form}
            text={text}
            errors={errors}
            existing={existing}
            onMechanism={(mechanism) => set({ mechanism })}
          />
        ) : null}
        {usesTls(form) ? <TlsFields text={text} errors={errors} existing={existing} /> : null}
        {failure && Object.keys(failure.fields).length === 0 ? (
          <Banner tone="bad" title={failure.message} live />
        ) : null}
        {errors.form ? <Banner tone="bad" title={errors.form} live /> : null}
        <div className="flex flex-wrap gap-2 border-t pt-4">
          <Button kind="primary" type="submit" disabled={busy}>
            {busy ? 'Saving…' : saveLabel}
          </Button>
          <Button onClick={runTest} disabled={test.isPending}>
            {test.isPending ? 'Testing…' : 'Test connection'}
          </Button>
          <ButtonLink kind="bare" href={cancelHref}>
            Cancel
          </ButtonLink>
        </div>
      </form>
      <ConnectionTest form={form} pending={test.isPending} probe={test.data ?? null} />
    </div>
  );
}

function focusFirstInvalid(form: EventTarget): void {
  requestAnimationFrame(() => {
    if (form instanceof HTMLElement) form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  });
}
