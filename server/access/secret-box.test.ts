import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import { openConfig, sealConfig, sealPlainSecrets, secretsOf, withoutSecrets } from './sealed-config';
import { SealError, SecretBox } from './secret-box';

const key = randomBytes(32);
const box = new SecretBox(key);
const place = { table: 'cluster', id: 'west', column: 'config.security.sasl.password' };

describe('the secret box', () => {
  it('opens what it sealed, of any text, and never writes the same twice', () => {
    for (const text of ['', 'hunter2', 'ü💥\u0000\n', 'x'.repeat(100_000)]) {
      expect(box.open(box.seal(text, place), place)).toBe(text);
    }
    expect(box.seal('a', place)).not.toBe(box.seal('a', place));
    expect(box.seal('hunter2', place)).not.toContain('hunter2');
    expect(new SecretBox(Buffer.from(key)).open(box.seal('a', place), place)).toBe('a');
  });

  it('opens nothing in another table, row, column or context', () => {
    const sealed = box.seal('hunter2', place);
    const elsewhere = [{ table: 'person' }, { id: 'east' }, { column: 'config.x' }, { context: 'other' }];
    for (const other of elsewhere) {
      expect(() => box.open(sealed, { ...place, ...other })).toThrow(SealError);
    }
  });

  it('opens nothing that was changed by one bit, cut or lengthened', () => {
    const sealed = box.seal('hunter2', place);
    const [version, id, nonce, text = ''] = sealed.split('.');
    const bytes = Buffer.from(text, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const envelope = [version, id, nonce, changed.toString('base64url')].join('.');
      expect(() => box.open(envelope, place)).toThrow('does not belong here');
    }
    for (const envelope of [
      '',
      'hunter2',
      sealed.slice(0, -4),
      `${sealed}.x`,
      sealed.replace('lb1', 'lb2'),
    ]) {
      expect(() => box.open(envelope, place)).toThrow(SealError);
    }
  });

  it('names the key that a value was sealed with', () => {
    const other = new SecretBox(randomBytes(32));
    expect(() => other.open(box.seal('a', place), place)).toThrow(
      `cluster "west", config.security.sasl.password: sealed with key ${box.keyId}, and this server has key ${other.keyId}`,
    );
  });
});

const pem = (what: string) => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`;
const west = clusterConfig.parse({
  name: 'west',
  bootstrapServers: ['w:1'],
  security: {
    protocol: 'SASL_SSL',
    sasl: { mechanism: 'PLAIN', username: 'lb', password: 's3cret-1' },
    tls: { cert: pem('CERTIFICATE'), key: pem('PRIVATE KEY'), keyPassword: 's3cret-2' },
  },
});

describe('a sealed configuration', () => {
  const stored = () => JSON.parse(JSON.stringify(sealConfig(box, west)));

  it('holds no secret, and opens to what it was', () => {
    const text = JSON.stringify(stored());
    for (const { value } of secretsOf(west)) expect(text).not.toContain(JSON.stringify(value).slice(1, -1));
    expect(secretsOf(west)).toHaveLength(3);
    expect(text).toContain('"username":"lb"');
    expect(openConfig(box, 'west', stored())).toEqual(west);
  });

  it('does not open under another name, nor when anything but a secret was changed', () => {
    expect(() => openConfig(box, 'east', stored())).toThrow(SealError);
    const changes: ((config: ClusterConfig) => void)[] = [
      (config) => config.bootstrapServers.push('thief:1'),
      (config) => {
        config.security.protocol = 'SASL_PLAINTEXT';
      },
      (config) => {
        config.security.tls!.serverName = 'thief';
      },
      (config) => {
        delete config.security.tls!.cert;
      },
    ];
    for (const change of changes) {
      const changed = stored();
      change(changed);
      expect(() => openConfig(box, 'west', changed)).toThrow(SealError);
    }
  });

  it('does not open when a secret stands there unsealed, or in another secret’s place', () => {
    const plain = stored();
    plain.security.sasl.password = 'typed-by-a-stranger';
    expect(() => openConfig(box, 'west', plain)).toThrow('a secret stands there unsealed');
    const swapped = stored();
    swapped.security.sasl.password = swapped.security.tls.keyPassword;
    expect(() => openConfig(box, 'west', swapped)).toThrow(SealError);
  });

  it('is made from a plain one once', () => {
    const { name: _, ...plain } = west;
    const sealed = sealPlainSecrets(box, 'west', plain);
    expect(openConfig(box, 'west', sealed!)).toEqual(west);
    expect(sealPlainSecrets(box, 'west', sealed!)).toBeNull();
    expect(sealPlainSecrets(box, 'west', { bootstrapServers: ['w:1'] })).toBeNull();
  });

  it('is compared without secrets, whatever the order of its fields', () => {
    const { protocol, sasl, tls } = west.security;
    const other = { tls, sasl: { ...sasl, password: 'another' }, protocol };
    expect(withoutSecrets({ security: other, bootstrapServers: ['w:1'], name: 'west' })).toBe(
      withoutSecrets(west),
    );
    expect(withoutSecrets({ ...west, bootstrapServers: ['w:2'] })).not.toBe(withoutSecrets(west));
  });
});
