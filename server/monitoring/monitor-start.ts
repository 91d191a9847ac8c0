// What the data thread is told once, at its start.
import { z } from 'zod';
import { monitoringMode } from '@/lib/contracts/monitoring/mode';
import { deriveKey } from '@/server/access/secret-key';
import type { Config } from '@/server/config';
import { reportConfig } from '@/server/health-config';
import { otlpConfig } from '@/server/otlp-config';

export const monitorStart = z.object({
  dataDir: z.string(),
  /** Under which people open the console: alerts link to their pages. */
  origin: z.string(),
  mode: monitoringMode,
  historyLimitBytes: z.number(),
  /** `namesKey`, in base64, makes the hashes of names. Null: nothing is reported. */
  report: z.object({ config: reportConfig, namesKey: z.string(), version: z.string() }).nullable(),
  /** Null: nothing is sent over OTLP. */
  otlp: z.object({ config: otlpConfig, version: z.string() }).nullable(),
});
export type MonitorStart = z.infer<typeof monitorStart>;

type Told = Pick<Config, 'address' | 'dataDir' | 'historyLimitBytes' | 'monitoring'>;

export function monitorStartOf(
  { address, dataDir, historyLimitBytes, monitoring }: Told,
  secretKey: Buffer,
  version: string,
): MonitorStart {
  const { mode, report, otlp } = monitoring;
  const namesKey = deriveKey(secretKey, 'reported names').toString('base64');
  return {
    ...{ dataDir, mode, historyLimitBytes, origin: address.origin },
    report: report && { config: report, namesKey, version },
    otlp: otlp && { config: otlp, version },
  };
}
