// How a cluster is signed in to: protocol, SASL mechanism, TLS. Files are references that only landbridge.yaml may hold;
// the console and REST bring certificates and keys as PEM text. Which fields are secret is listed in cluster.ts.
import { z } from 'zod';

export const securityProtocol = z.enum(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']);

export const passwordMechanism = z.enum(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']);
export const saslMechanism = z.enum([...passwordMechanism.options, 'OAUTHBEARER']);
export type SaslMechanism = z.infer<typeof saslMechanism>;

/** Certificates and keys are some kilobytes; a CA bundle of a whole operating system has about 220. */
const PEM_MAX_CHARACTERS = 512 * 1024;

/** Searched once from each side: a regular expression would start again at each BEGIN of a hostile text. */
const holdsBlock =
  (...labels: string[]) =>
  (text: string): boolean =>
    labels.some((label) => {
      const begin = text.indexOf(`-----BEGIN ${label}-----`);
      return begin >= 0 && text.lastIndexOf(`-----END ${label}-----`) > begin;
    });

const pemCertificates = z
  .string()
  .max(PEM_MAX_CHARACTERS, `At most ${PEM_MAX_CHARACTERS} characters of PEM text.`)
  .refine(
    holdsBlock('CERTIFICATE'),
    'Paste the certificate as PEM text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
  );
const pemKey = z
  .string()
  .max(PEM_MAX_CHARACTERS, `At most ${PEM_MAX_CHARACTERS} characters of PEM text.`)
  .refine(
    holdsBlock('PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'),
    'Paste the private key as PEM text, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----.',
  );
const path = z.string().min(1, 'Name the file, or leave the setting out.');
const needed = z.string().min(1, 'This is needed.');

/** Client secrets are sent there: in the clear only to this machine. */
export const tokenEndpoint = z
  // The checks behind it read its parts.
  .url({ error: 'Write the whole address, for example https://login.example.com/oauth2/token.', abort: true })
  .refine((text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  }, 'The token endpoint must be https; plain http is allowed on this machine only (localhost, 127.0.0.1, [::1]).')
  .refine((text) => {
    const { username, password } = new URL(text);
    return username === '' && password === '';
  }, 'Leave user and password out of the address: clientId and clientSecret are for them, and kept secret.');

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** RFC 7628: names of letters only; "auth" is the token itself; control characters would end the field. */
export const oauthExtensions = z
  .record(z.string(), z.string().regex(/^[\x20-\x7e\t\r\n]*$/, 'Values of extensions are printable ASCII.'))
  .superRefine((extensions, ctx) => {
    const add = (name: string, message: string) => ctx.addIssue({ code: 'custom', path: [name], message });
    for (const name of Object.keys(extensions)) {
      if (!/^[A-Za-z]+$/.test(name)) add(name, 'Names of extensions have letters only.');
      else if (name === 'auth') add(name, 'The extension "auth" is the token itself.');
    }
  });

const oauthPlace = {
  mechanism: z.literal('OAUTHBEARER'),
  tokenEndpoint,
  clientId: needed,
  scope: z.string().min(1).optional(),
  extensions: oauthExtensions.optional(),
  /** CA of the token endpoint where it isn't publicly trusted. */
  tokenEndpointCa: pemCertificates.optional(),
};

const saslByPassword = z.strictObject({ mechanism: passwordMechanism, username: needed, password: needed });
/** OAuth 2.0 client credentials grant (RFC 6749 section 4.4). */
const saslByToken = z.strictObject({
  ...oauthPlace,
  clientSecret: needed,
  tokenEndpointCaFile: path.optional(),
});
export const clusterSasl = z.discriminatedUnion('mechanism', [saslByPassword, saslByToken], {
  error: `Choose one of the mechanisms ${saslMechanism.options.join(', ')}.`,
});
export type ClusterSasl = z.infer<typeof clusterSasl>;

const tlsFiles = { caFile: path.optional(), certFile: path.optional(), keyFile: path.optional() };
const tlsPem = {
  /** Trusted instead of the public CAs; several may follow each other. */
  ca: pemCertificates.optional(),
  /** The client's certificate, with its intermediates behind it. */
  cert: pemCertificates.optional(),
  key: pemKey.optional(),
  /** Of an encrypted key, also of one in a file. */
  keyPassword: needed.optional(),
  /** The name that the brokers' certificate is for, where it isn't the one in their address. */
  serverName: needed.optional(),
};
const clusterTls = z.strictObject({ ...tlsFiles, ...tlsPem });

type Issue = { path: string[]; message: string };
type Shape = {
  protocol: z.infer<typeof securityProtocol>;
  sasl?: unknown;
  tls?: z.infer<typeof clusterTls>;
};

/** What single fields cannot see. */
function contradictions({ protocol, sasl, tls }: Shape): Issue[] {
  const issues: Issue[] = [];
  const add = (at: string, message: string) => issues.push({ path: at.split('.'), message });
  if (protocol.startsWith('SASL_') && !sasl)
    add('sasl', `${protocol} needs sasl.mechanism and its user or client.`);
  if (!protocol.startsWith('SASL_') && sasl)
    add('sasl', `sasl has no effect with protocol ${protocol}; use SASL_PLAINTEXT or SASL_SSL.`);
  if (!tls) return issues;
  if (!protocol.endsWith('SSL'))
    add('tls', `tls has no effect with protocol ${protocol}; use SSL or SASL_SSL.`);
  for (const name of ['ca', 'cert', 'key'] as const)
    if (tls[name] && tls[`${name}File`]) add(`tls.${name}`, `Give ${name} or ${name}File, not both.`);
  const [cert, key] = [tls.cert ?? tls.certFile, tls.key ?? tls.keyFile];
  if (cert && !key) add('tls.key', 'The client certificate needs its private key.');
  if (key && !cert) add('tls.cert', 'The private key needs its client certificate.');
  if (tls.keyPassword && !key) add('tls.keyPassword', 'keyPassword has no effect without a key.');
  return issues;
}

const check = (s: Shape, ctx: z.RefinementCtx) => {
  for (const issue of contradictions(s)) ctx.addIssue({ code: 'custom', ...issue });
};

export const clusterSecurity = z
  .strictObject({
    protocol: securityProtocol.default('PLAINTEXT'),
    sasl: clusterSasl.optional(),
    tls: clusterTls.optional(),
  })
  .superRefine(check);
export type ClusterSecurity = z.infer<typeof clusterSecurity>;

const fileRefused = (instead: string) =>
  z
    .undefined({
      error: `Files are read only where landbridge.yaml names them. Paste the PEM text into ${instead}.`,
    })
    .optional();
const noFiles = { caFile: fileRefused('ca'), certFile: fileRefused('cert'), keyFile: fileRefused('key') };

/** What the console and REST may send: everything but references to files of this machine. */
export const consoleClusterSecurity = z
  .strictObject({
    protocol: securityProtocol.default('PLAINTEXT'),
    sasl: z
      .discriminatedUnion(
        'mechanism',
        [saslByPassword, saslByToken.extend({ tokenEndpointCaFile: fileRefused('tokenEndpointCa') })],
        { error: `Choose one of the mechanisms ${saslMechanism.options.join(', ')}.` },
      )
      .optional(),
    tls: z.strictObject({ ...noFiles, ...tlsPem }).optional(),
  })
  .superRefine(check);

/** As edited: a secret that is left out stays as it is stored, while everything that says where it is sent stays the same. */
export const consoleClusterSecurityUpdate = z.strictObject({
  protocol: securityProtocol.default('PLAINTEXT'),
  sasl: z
    .discriminatedUnion(
      'mechanism',
      [
        saslByPassword.partial({ password: true }),
        saslByToken
          .extend({ tokenEndpointCaFile: fileRefused('tokenEndpointCa') })
          .partial({ clientSecret: true }),
      ],
      { error: `Choose one of the mechanisms ${saslMechanism.options.join(', ')}.` },
    )
    .optional(),
  tls: z.strictObject({ ...noFiles, ...tlsPem }).optional(),
});

/** As pages see it; never a secret, only whether one is stored. */
export const clusterSecurityView = z.object({
  protocol: securityProtocol,
  saslMechanism: z.string().nullable(),
  saslUsername: z.string().nullable(),
  oauth: z
    .object({
      tokenEndpoint: z.string(),
      clientId: z.string(),
      scope: z.string().nullable(),
      extensions: z.record(z.string(), z.string()),
      tokenEndpointCa: z.string().nullable(),
      tokenEndpointCaFile: z.string().nullable(),
    })
    .nullable(),
  tls: z
    .object({
      caFile: z.string().nullable(),
      certFile: z.string().nullable(),
      keyFile: z.string().nullable(),
      /** Certificates are public; the key is not shown. */
      ca: z.string().nullable(),
      cert: z.string().nullable(),
      hasKey: z.boolean(),
      serverName: z.string().nullable(),
    })
    .nullable(),
});
