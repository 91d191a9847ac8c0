import { describe, expect, it } from 'vitest';
import { emptyForm, errorsAt, toConfig, toUpdate } from './form-state';

const CERT = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----';

describe('the cluster form', () => {
  it('takes servers divided by commas, spaces or lines', () => {
    const result = toConfig({ ...emptyForm, name: 'dc1', servers: 'a:9092, b:9092\n[::1]:9093' });
    expect(result).toMatchObject({
      ok: true,
      value: { bootstrapServers: ['a:9092', 'b:9092', '[::1]:9093'] },
    });
  });

  it('puts each error at its control', () => {
    const result = toConfig({
      ...emptyForm,
      name: '-x',
      servers: 'a',
      protocol: 'SASL_SSL',
      cert: CERT,
    });
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.errors.name).toMatch(/starts with a letter or digit/);
    expect(result.errors.servers).toMatch(/host:port/);
    expect(result.errors.username).toBe('This is needed.');
    expect(result.errors.password).toBe('This is needed.');
  });

  it('says that a certificate and its key belong together', () => {
    const result = toConfig({ ...emptyForm, name: 'x', servers: 'a:1', protocol: 'SSL', cert: CERT });
    expect(result).toMatchObject({
      ok: false,
      errors: { key: expect.stringMatching(/needs its private key/) },
    });
  });

  it('sends no sign-in or TLS settings that the protocol has no use for', () => {
    const result = toConfig({ ...emptyForm, name: 'x', servers: 'a:1', username: 'u', ca: CERT });
    expect(result).toMatchObject({ ok: true, value: { security: { protocol: 'PLAINTEXT' } } });
    if (result.ok) expect(result.value.security).toEqual({ protocol: 'PLAINTEXT' });
  });

  it('keeps the stored password when none is typed', () => {
    const result = toUpdate({ ...emptyForm, servers: 'a:1', protocol: 'SASL_PLAINTEXT', username: 'u' });
    expect(result.ok && result.value.security.sasl).toEqual({
      mechanism: 'SCRAM-SHA-512',
      username: 'u',
    });
  });

  it('asks for a token where the mechanism is OAUTHBEARER, and reads extensions line by line', () => {
    const form = {
      ...emptyForm,
      name: 'x',
      servers: 'a:1',
      protocol: 'SASL_PLAINTEXT' as const,
      mechanism: 'OAUTHBEARER' as const,
      username: 'left over from another mechanism',
      tokenEndpoint: ' https://login.example.com/token ',
      clientId: 'landbridge',
      clientSecret: 's3cret',
      extensions: 'logicalCluster = lkc-1\n\n',
    };
    const result = toConfig(form);
    expect(result.ok && result.value.security.sasl).toEqual({
      mechanism: 'OAUTHBEARER',
      tokenEndpoint: 'https://login.example.com/token',
      clientId: 'landbridge',
      clientSecret: 's3cret',
      extensions: { logicalCluster: 'lkc-1' },
    });
    const wrong = toConfig({ ...form, tokenEndpoint: 'http://login.example.com/token', clientSecret: '' });
    expect(wrong.ok ? {} : wrong.errors).toMatchObject({
      tokenEndpoint: expect.stringMatching(/must be https/),
      clientSecret: 'This is needed.',
    });
  });

  it('shows what the server says at the control that it is about', () => {
    expect(errorsAt({ 'bootstrapServers.1': 'No such host.', name: 'Taken.', other: 'Odd.' })).toEqual({
      servers: 'No such host.',
      name: 'Taken.',
      form: 'Odd.',
    });
  });
});
