// A cluster's configured security in the words of kafkajs.
import { readFile } from 'node:fs/promises';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { ClusterSasl } from '@/lib/contracts/cluster-security';
import { tokenSourceFor } from './token-source';

/** Files are read here, so that renewed ones are taken up by the next client. */
export async function kafkajsSecurity({
  protocol,
  sasl,
  tls,
}: ClusterConfig['security']): Promise<Pick<KafkaConfig, 'ssl' | 'sasl'>> {
  const file = async (path: string | undefined) => (path === undefined ? undefined : await readFile(path));
  const ssl = {
    ca: tls?.ca ?? (await file(tls?.caFile)),
    cert: tls?.cert ?? (await file(tls?.certFile)),
    key: tls?.key ?? (await file(tls?.keyFile)),
    passphrase: tls?.keyPassword,
    minVersion: 'TLSv1.2' as const,
    ...(tls?.serverName ? { servername: tls.serverName } : {}),
  };
  return {
    ...(protocol.endsWith('SSL') ? { ssl } : {}),
    ...(sasl ? { sasl: kafkajsSasl(sasl) } : {}),
  };
}

function kafkajsSasl(sasl: ClusterSasl): SASLOptions {
  switch (sasl.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username: sasl.username, password: sasl.password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username: sasl.username, password: sasl.password };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username: sasl.username, password: sasl.password };
    case 'OAUTHBEARER': {
      const source = tokenSourceFor(sasl);
      const { extensions } = sasl;
      return {
        mechanism: 'oauthbearer',
        oauthBearerProvider: async () => ({
          value: await source.token(),
          ...(extensions ? { extensions } : {}),
        }),
      };
    }
  }
}
