// New credentials for a cluster whose links go on: tried first, then swapped. What is left empty stays as it is.
'use client';
import { type FormEvent, useState } from 'react';
import { failureFrom } from '@/components/shell/api-client';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, TextArea } from '@/components/ui/field';
import { Banner } from '@/components/ui/notice';
import { type ClusterCredentials, clusterCredentials } from '@/lib/contracts/api';
import type { ClusterView } from '@/lib/contracts/cluster';
import { useChangeCredentials } from './queries';

type Credential = keyof ClusterCredentials;
const labels: Record<Credential, string> = {
  username: 'User name',
  password: 'Password',
  clientId: 'Client id',
  clientSecret: 'Client secret',
  cert: 'Client certificate (PEM)',
  key: 'Private key (PEM)',
  keyPassword: 'Password of the private key',
};
const secret: readonly Credential[] = ['password', 'clientSecret', 'keyPassword'];
const long: readonly Credential[] = ['cert', 'key'];

/** Which credentials this cluster is signed in to with; none: there is nothing to change. */
export function credentialsOf({ security }: ClusterView): Credential[] {
  const sasl: Credential[] =
    security.saslMechanism === null
      ? []
      : security.saslMechanism === 'OAUTHBEARER'
        ? ['clientId', 'clientSecret']
        : ['username', 'password'];
  return security.tls?.hasKey ? [...sasl, 'cert', 'key', 'keyPassword'] : sasl;
}

export function ChangeCredentials({ cluster, onClose }: { cluster: ClusterView; onClose: () => void }) {
  const change = useChangeCredentials(cluster.name);
  const [typed, setTyped] = useState<Partial<Record<Credential, string>>>({});
  const failure = failureFrom(change.error);
  const given = Object.fromEntries(Object.entries(typed).filter(([, value]) => value.trim() !== ''));
  const parsed = clusterCredentials.safeParse(given);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.success && !change.isPending) change.mutate(parsed.data, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`New credentials for ${cluster.name}`}
      description="They are tried at every bootstrap server first; if one refuses them, nothing changes. Links go on."
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        {credentialsOf(cluster).map((name) => {
          const props = {
            value: typed[name] ?? '',
            spellCheck: false,
            onChange: (event: { target: { value: string } }) =>
              setTyped({ ...typed, [name]: event.target.value }),
          };
          return (
            <Field
              key={name}
              label={labels[name]}
              hint={`Empty keeps the present one${name === 'username' ? ` (${cluster.security.saslUsername})` : ''}.`}
              error={failure?.fields[name]}
            >
              {long.includes(name) ? (
                <TextArea rows={3} className="font-mono" {...props} />
              ) : (
                <Input
                  type={secret.includes(name) ? 'password' : 'text'}
                  autoComplete="new-password"
                  {...props}
                />
              )}
            </Field>
          );
        })}
        {failure ? <Banner tone="bad" title={failure.message} live /> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={!parsed.success || change.isPending}>
            {change.isPending ? 'Trying…' : 'Try and use'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
