// What the cluster form holds, how it becomes a configuration, and which control an error belongs to. Pure.
import type { z } from 'zod';
import { updateClusterRequest } from '@/lib/contracts/api';
import { type ClusterView, consoleClusterConfig } from '@/lib/contracts/cluster';
import type { securityProtocol } from '@/lib/contracts/cluster-security';

export type ClusterForm = {
  name: string;
  /** One per line, or divided by commas, as in Kafka's own bootstrap.servers. */
  servers: string;
  protocol: z.infer<typeof securityProtocol>;
  username: string;
  password: string;
  ca: string;
  cert: string;
  key: string;
  serverName: string;
};
export type ClusterFormErrors = Partial<Record<keyof ClusterForm | 'form', string>>;

export const emptyForm: ClusterForm = {
  name: '',
  servers: '',
  protocol: 'PLAINTEXT',
  username: '',
  password: '',
  ca: '',
  cert: '',
  key: '',
  serverName: '',
};

export function formOf(cluster: ClusterView): ClusterForm {
  const { security } = cluster;
  return {
    name: cluster.name,
    servers: cluster.bootstrapServers.join('\n'),
    protocol: security.protocol,
    username: security.saslUsername ?? '',
    password: '',
    ca: security.tls?.ca ?? '',
    cert: security.tls?.cert ?? '',
    key: '',
    serverName: security.tls?.serverName ?? '',
  };
}

export const usesSasl = (form: ClusterForm): boolean => form.protocol.startsWith('SASL_');
export const usesTls = (form: ClusterForm): boolean => form.protocol.endsWith('SSL');

function securityOf(form: ClusterForm, passwordOptional: boolean) {
  const tls = {
    ...(form.ca.trim() ? { ca: form.ca.trim() } : {}),
    ...(form.cert.trim() ? { cert: form.cert.trim() } : {}),
    ...(form.key.trim() ? { key: form.key.trim() } : {}),
    ...(form.serverName.trim() ? { serverName: form.serverName.trim() } : {}),
  };
  const keepPassword = passwordOptional && form.password === '';
  return {
    protocol: form.protocol,
    ...(usesSasl(form)
      ? {
          sasl: {
            mechanism: 'PLAIN',
            username: form.username,
            ...(keepPassword ? {} : { password: form.password }),
          },
        }
      : {}),
    ...(usesTls(form) && Object.keys(tls).length > 0 ? { tls } : {}),
  };
}

const serversOf = (form: ClusterForm): string[] => form.servers.split(/[\s,]+/).filter(Boolean);

type Parsed<T> = { ok: true; value: T } | { ok: false; errors: ClusterFormErrors };

/** A whole configuration, for a new cluster and for tests. */
export function toConfig(form: ClusterForm): Parsed<z.infer<typeof consoleClusterConfig>> {
  return parsed(
    consoleClusterConfig.safeParse({
      name: form.name.trim(),
      bootstrapServers: serversOf(form),
      security: securityOf(form, false),
    }),
  );
}

/** A change of a stored cluster; an empty password means the stored one. */
export function toUpdate(form: ClusterForm): Parsed<z.infer<typeof updateClusterRequest>> {
  return parsed(
    updateClusterRequest.safeParse({ bootstrapServers: serversOf(form), security: securityOf(form, true) }),
  );
}

function parsed<T>(result: z.ZodSafeParseResult<T>): Parsed<T> {
  if (result.success) return { ok: true, value: result.data };
  const fields: Record<string, string> = {};
  for (const issue of result.error.issues) {
    const path = issue.path.join('.');
    fields[path] ??=
      issue.code === 'too_small' && path.startsWith('security.') ? 'This is needed.' : issue.message;
  }
  return { ok: false, errors: errorsAt(fields) };
}

const controls: [path: string, control: keyof ClusterForm][] = [
  ['name', 'name'],
  ['bootstrapServers', 'servers'],
  ['security.sasl.username', 'username'],
  ['security.sasl.password', 'password'],
  ['security.tls.ca', 'ca'],
  ['security.tls.cert', 'cert'],
  ['security.tls.key', 'key'],
  ['security.tls.serverName', 'serverName'],
  ['security.sasl', 'username'],
  ['security.tls', 'cert'],
  ['security', 'protocol'],
];

/** Puts messages by field path (ours or the server's) at the controls that they belong to. */
export function errorsAt(fields: Record<string, string>): ClusterFormErrors {
  const errors: ClusterFormErrors = {};
  for (const [path, message] of Object.entries(fields)) {
    const control =
      controls.find(([prefix]) => path === prefix || path.startsWith(`${prefix}.`))?.[1] ?? 'form';
    errors[control] ??= message;
  }
  return errors;
}
