// When the client certificate that a cluster is configured with is over. Files are read again now and then, as they may be renewed.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import { certificateLookMs } from './limits';

/** What the certificate that we show is called, beside those of brokers. */
export const CLIENT = 'client';

export class ClientCertificate {
  readonly #tls: { cert?: string | undefined; certFile?: string | undefined } | null;
  #readMs = Number.NEGATIVE_INFINITY;
  #expiresMs: number | null = null;

  constructor({ security }: ClusterConfig) {
    this.#tls = security.tls ?? null;
  }

  /** Null: there is none, or it cannot be read; then nobody can sign in with it, which says so. */
  async expiresMs(nowMs: number): Promise<number | null> {
    if (nowMs - this.#readMs < certificateLookMs) return this.#expiresMs;
    this.#readMs = nowMs;
    const { cert, certFile } = this.#tls ?? {};
    this.#expiresMs =
      cert !== undefined ? expiryOf(cert) : certFile !== undefined ? await ofFile(certFile) : null;
    return this.#expiresMs;
  }
}

async function ofFile(path: string): Promise<number | null> {
  try {
    return expiryOf(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}

/** Of the first certificate of a PEM text, which is the client's own; null when there is none. */
export function expiryOf(pem: string): number | null {
  try {
    const expiresMs = Date.parse(new X509Certificate(pem).validTo);
    return Number.isNaN(expiresMs) ? null : expiresMs;
  } catch {
    return null;
  }
}
