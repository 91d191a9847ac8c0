// Says what a failed TLS handshake means and what to do about it. OpenSSL's own words name neither the side nor the remedy.
import { X509Certificate } from 'node:crypto';
import type { TlsSettings } from './dial';
import { ConnectError } from './errors';

/** Chains that end at nobody we trust. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);
const NOT_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);

/** Of the peer about our certificate: what an alert of TLS says (RFC 8446 section 6.2). */
const CLIENT_ALERTS: Record<string, string> = {
  CERTIFICATE_REQUIRED: 'the broker demands a client certificate; give tls.cert and tls.key',
  HANDSHAKE_FAILURE:
    'the broker ends the handshake; does it demand a client certificate (tls.cert and tls.key)?',
  CERTIFICATE_EXPIRED: 'the broker refuses the client certificate because it has expired; renew it',
  CERTIFICATE_UNKNOWN:
    'the broker refuses the client certificate; is it expired, or of a CA that the broker does not trust?',
  BAD_CERTIFICATE:
    'the broker refuses the client certificate, or misses one; give tls.cert and tls.key of a CA that it trusts',
  UNKNOWN_CA: 'the broker does not trust the CA of the client certificate; use one that it trusts',
  CERTIFICATE_REVOKED: 'the client certificate has been revoked; use another one',
  UNSUPPORTED_CERTIFICATE:
    'the broker cannot use the client certificate; is it issued for client authentication?',
  ACCESS_DENIED: 'the broker refuses the client certificate',
};

/** A handshake that failed. */
export function tlsFailure(cause: unknown, where: string, host: string, tls: TlsSettings): ConnectError {
  const code = codeOf(cause);
  // A peer that hangs up may be restarting; what a certificate says stays until somebody changes it.
  const retriable = code === 'ECONNRESET' || code === 'EPIPE';
  return new ConnectError('TLS', where, `TLS handshake failed: ${explain(cause, code, host, tls)}`, {
    retriable,
    cause,
  });
}

/**
 * A peer's word on our certificate that came after the handshake, as it does in TLS 1.3.
 * @returns null when the connection failed for another reason
 */
export function lateTlsFailure(error: unknown, where: string, tls: TlsSettings): ConnectError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const said = alertOf(codeOf(cause));
    if (said === null) continue;
    const message = `TLS sign-in failed: ${expiredClientCertificate(tls) ?? said} (${codeOf(cause)})`;
    return new ConnectError('TLS', where, message, { retriable: false, cause: error });
  }
  return null;
}

function explain(cause: unknown, code: string, host: string, tls: TlsSettings): string {
  const name = tls.serverName ?? host;
  if (code === 'CERT_HAS_EXPIRED')
    return `the broker's certificate, or one of its chain, has expired; renew it on the broker (${code})`;
  if (code === 'CERT_NOT_YET_VALID')
    return `the broker's certificate is not valid yet; compare the clocks of both machines (${code})`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `the broker's certificate is not for ${name}: it names ${altNames(cause) ?? 'others'}; connect by such a name, or set tls.serverName (${code})`;
  if (UNTRUSTED.has(code))
    return `the broker's certificate is signed by a CA that is not trusted here; give that CA's certificate as tls.ca (${code})`;
  if (NOT_TLS.has(code)) return `the peer does not speak TLS; is this a listener without TLS? (${code})`;
  if (code === 'ERR_SSL_UNSUPPORTED_PROTOCOL' || code === 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
    return `the broker speaks no TLS 1.2 or 1.3 (${code})`;
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return `the peer hung up during the handshake; is this a TLS listener, and does it demand a client certificate? (${code})`;
  const said = alertOf(code);
  if (said !== null) return `${expiredClientCertificate(tls) ?? said} (${code})`;
  return cause instanceof Error && code === '' ? cause.message : code;
}

/** What we were given cannot be used at all. */
export function unusableTlsSettings(cause: unknown, where: string): ConnectError {
  const code = codeOf(cause);
  const text = cause instanceof Error ? cause.message : String(cause);
  const what = code.includes('KEY_VALUES_MISMATCH')
    ? 'the private key (tls.key) does not belong to the client certificate (tls.cert)'
    : /bad decrypt|BAD_DECRYPT|interrupted or cancelled|BAD_PASSWORD|MISSING_PASSPHRASE/i.test(
          `${code} ${text}`,
        )
      ? 'the private key (tls.key) is encrypted; give its right password as tls.keyPassword'
      : 'the CA, client certificate or key cannot be read; paste them as unbroken PEM text';
  return new ConnectError('TLS', where, `${what} (${code || text})`, { retriable: false, cause });
}

function alertOf(code: string): string | null {
  const alert = /^ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_(\w+)$/.exec(code)?.[1];
  return alert === undefined ? null : (CLIENT_ALERTS[alert] ?? null);
}

/** Brokers often don't say why they refuse a certificate; its dates we can read ourselves. */
function expiredClientCertificate({ cert }: TlsSettings): string | null {
  if (cert === undefined) return null;
  try {
    const { validTo, subject } = new X509Certificate(cert);
    if (Date.parse(validTo) > Date.now()) return null;
    return `the client certificate (${subject.replaceAll('\n', ', ')}) expired on ${validTo}; renew it`;
  } catch {
    // Unreadable ones are named where the connection is made.
    return null;
  }
}

function altNames(cause: unknown): string | null {
  if (!(cause instanceof Error) || !('cert' in cause)) return null;
  const { cert } = cause;
  if (typeof cert !== 'object' || cert === null || !('subjectaltname' in cert)) return null;
  return typeof cert.subjectaltname === 'string' ? cert.subjectaltname : null;
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}
