import { describe, expect, it } from 'vitest';
import { lateTlsFailure, tlsFailure, unusableTlsSettings } from './tls-failure';

const failed = (code: string, message = 'x') => Object.assign(new Error(message), { code });
const said = (code: string, more: object = {}) =>
  tlsFailure(Object.assign(failed(code), more), 'b1:9093', 'kafka-1', {}).message;

describe('a failed TLS handshake', () => {
  it.each([
    ['CERT_HAS_EXPIRED', /broker's certificate.* has expired; renew it on the broker/],
    ['CERT_NOT_YET_VALID', /not valid yet; compare the clocks/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /CA that is not trusted here/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', /no TLS 1.2 or 1.3/],
    ['ECONNRESET', /hung up during the handshake/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /demands a client certificate; give tls.cert and tls.key/],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', /client certificate because it has expired/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /does not trust the CA of the client certificate/],
    ['ERR_SOMETHING_NEW', /ERR_SOMETHING_NEW/],
  ])('of %s says what to do', (code, message) => {
    expect(said(code)).toMatch(message);
    expect(said(code)).toContain('b1:9093: ');
  });

  it('names the names that the certificate has', () => {
    const cert = { subjectaltname: 'DNS:kafka.example' };
    expect(said('ERR_TLS_CERT_ALTNAME_INVALID', { cert })).toMatch(
      /not for kafka-1: it names DNS:kafka.example; .*serverName/,
    );
  });

  it('may be over when the peer hung up, and stays when a certificate is wrong', () => {
    const failure = (code: string) => tlsFailure(failed(code), 'b', 'h', {});
    expect([failure('ECONNRESET').retriable, failure('CERT_HAS_EXPIRED').retriable]).toEqual([true, false]);
  });
});

describe('a word on our certificate after the handshake', () => {
  it('is found behind what it caused', () => {
    const alert = failed('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
    const late = lateTlsFailure(
      new Error('no answer', { cause: new Error('lost', { cause: alert }) }),
      'b',
      {},
    );
    expect(late).toMatchObject({ stage: 'TLS', retriable: false });
    expect(late?.message).toContain('demands a client certificate');
  });

  it('is not read into other failures', () => {
    expect(lateTlsFailure(new Error('lost', { cause: failed('ECONNRESET') }), 'b', {})).toBeNull();
  });
});

describe('settings that no connection can be made with', () => {
  it.each([
    ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', /does not belong to the client certificate/],
    ['ERR_OSSL_BAD_DECRYPT', /encrypted; give its right password as tls.keyPassword/],
    ['ERR_OSSL_PEM_NO_START_LINE', /cannot be read; paste them as unbroken PEM text/],
  ])('are named: %s', (code, message) => {
    expect(unusableTlsSettings(failed(code), 'b')).toMatchObject({
      stage: 'TLS',
      message: expect.stringMatching(message),
    });
  });
});
