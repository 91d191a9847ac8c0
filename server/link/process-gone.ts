// Whether a refused connection proves that a broker's process is gone, and with it the requests that it had queued. Pure.
import { ConnectError } from '@/server/kafka/wire/errors';

/**
 * Only this machine's own kernel knows who listens: over a network the refusal may come from whatever stands in front of a broker that lives
 * (NAT, a Kubernetes service without ready endpoints).
 */
export function processIsGone(error: unknown): boolean {
  if (!(error instanceof ConnectError)) return false;
  const { code, address } = (error.cause ?? {}) as { code?: string; address?: string };
  return code === 'ECONNREFUSED' && address !== undefined && isLoopback(address);
}

const isLoopback = (address: string): boolean =>
  address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
