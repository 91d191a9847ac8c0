// What the cluster form holds, how it becomes a configuration, and which control an error belongs to. Pure.
import type { z } from 'zod';
import { updateClusterRequest } from '@/lib/contracts/api';
import { type ClusterView, consoleClusterConfig } from '@/lib/contracts/cluster';
import { type SaslMechanism, saslMechanism, type securityProtocol } from '@/lib/contracts/cluster-security';

export type ClusterForm = {
  name: string;
  /** One per line, or divided by commas, as in Kafka's own bootstrap.servers. */
  servers: string;
  protocol: z.infer<typeof securityProtocol>;
  mechanism: SaslMechanism;
  username: string;
  password: string;
  tokenEndpoint: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  /** `name=value`, one per line. */
  extensions: string;
  tokenEndpointCa: string;
  ca: string;
  cert: string;
  key: string;
  keyPassword: string;
  serverName: string;
};
export type ClusterFormErrors = Partial<Record<keyof ClusterForm | 'form', string>>;

export const emptyForm: ClusterForm = {
  name: '',
  servers: '',
  protocol: 'PLAINTEXT',
  mechanism: 'SCRAM-SHA-512',
  username: '',
  password: '',
  tokenEndpoint: '',
  clientId: '',
  clientSecret: '',
  scope: '',
  extensions: '',
  tokenEndpointCa: '',
  ca: '',
  cert: '',
  key: '',
  keyPassword: '',
  serverName: '',
};

export function formOf(cluster: ClusterView): ClusterForm {
  const { security } = cluster;
  return {
    name: cluster.name,
    servers: cluster.bootstrapServers.join('\n'),
    protocol: security.protocol,
    mechanism: saslMechanism.catch(emptyForm.mechanism).parse(security.saslMechanism),
    username: security.saslUsername ?? '',
    password: '',
    tokenEndpoint: security.oauth?.tokenEndpoint ?? '',
    clientId: security.oauth?.clientId ?? '',
    clientSecret: '',
    scope: security.oauth?.scope ?? '',
    extensions: Object.entries(security.oauth?.extensions ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
    tokenEndpointCa: security.oauth?.tokenEndpointCa ?? '',
    ca: security.tls?.ca ?? '',
    cert: security.tls?.cert ?? '',
    key: '',
    keyPassword: '',
    serverName: security.tls?.serverName ?? '',
  };
}

export const usesSasl = (form: ClusterForm): boolean => form.protocol.startsWith('SASL_');
export const usesTls = (form: ClusterForm): boolean => form.protocol.endsWith('SSL');

export const usesToken = (form: ClusterForm): boolean => usesSasl(form) && form.mechanism === 'OAUTHBEARER';

/** What was typed, without spaces around it; nothing for an empty field. */
const filled = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );

function saslOf(form: ClusterForm, secretOptional: boolean) {
  if (usesToken(form)) {
    const extensions = extensionsOf(form.extensions);
    return {
      mechanism: form.mechanism,
      tokenEndpoint: form.tokenEndpoint.trim(),
      clientId: form.clientId.trim(),
      ...filled({ scope: form.scope, tokenEndpointCa: form.tokenEndpointCa }),
      ...(Object.keys(extensions).length > 0 ? { extensions } : {}),
      ...(secretOptional && form.clientSecret === '' ? {} : { clientSecret: form.clientSecret }),
    };
  }
  return {
    mechanism: form.mechanism,
    username: form.username,
    ...(secretOptional && form.password === '' ? {} : { password: form.password }),
  };
}

/** A line without "=" is a name without a value, which the contract refuses or takes by its own rules. */
function extensionsOf(text: string): Record<string, string> {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

function securityOf(form: ClusterForm, secretOptional: boolean) {
  const { ca, cert, key, serverName } = form;
  const tls = {
    ...filled({ ca, cert, key, serverName }),
    // A password may begin or end with a space.
    ...(form.keyPassword === '' ? {} : { keyPassword: form.keyPassword }),
  };
  return {
    protocol: form.protocol,
    ...(usesSasl(form) ? { sasl: saslOf(form, secretOptional) } : {}),
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
  ['security.sasl.mechanism', 'mechanism'],
  ['security.sasl.tokenEndpointCa', 'tokenEndpointCa'],
  ['security.sasl.tokenEndpoint', 'tokenEndpoint'],
  ['security.sasl.clientId', 'clientId'],
  ['security.sasl.clientSecret', 'clientSecret'],
  ['security.sasl.scope', 'scope'],
  ['security.sasl.extensions', 'extensions'],
  ['security.tls.keyPassword', 'keyPassword'],
  ['security.tls.ca', 'ca'],
  ['security.tls.cert', 'cert'],
  ['security.tls.key', 'key'],
  ['security.tls.serverName', 'serverName'],
  ['security.sasl', 'mechanism'],
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
