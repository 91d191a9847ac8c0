import { describe, expect, it } from 'vitest';
import { type ClusterConfig, clusterConfig } from '@/lib/contracts/cluster';
import { clientFor, wireSecurity } from './security';

const sasl = { mechanism: 'PLAIN', username: 'alice', password: 'secret' } as const;
const config = (security: Partial<ClusterConfig['security']>) =>
  clusterConfig.parse({ name: 'east', bootstrapServers: ['h:9092'], security });

describe('wireSecurity', () => {
  it('turns TLS on for SSL and SASL_SSL only, with the files that were given', () => {
    const tls = { caFile: '/ca.pem', serverName: 'kafka' };
    expect(wireSecurity(config({ protocol: 'PLAINTEXT' }))).toEqual({ tls: null, sasl: null });
    expect(wireSecurity(config({ protocol: 'SSL' }))).toEqual({ tls: {}, sasl: null });
    expect(wireSecurity(config({ protocol: 'SSL', tls }))).toEqual({ tls, sasl: null });
    expect(wireSecurity(config({ protocol: 'SASL_PLAINTEXT', sasl }))).toEqual({ tls: null, sasl });
    expect(wireSecurity(config({ protocol: 'SASL_SSL', sasl, tls }))).toEqual({ tls, sasl });
  });

  it('makes a client that carries the cluster name in its messages', () => {
    const client = clientFor(config({ protocol: 'PLAINTEXT' }), 'test', { connectTimeoutMs: 100 });
    expect([client.name, client.where(3)]).toEqual(['east', 'broker 3 of east']);
    client.close();
  });
});
