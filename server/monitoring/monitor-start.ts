// What the data thread is told once, at its start.
import { z } from 'zod';
import { monitoringMode } from '@/lib/contracts/monitoring/mode';
import { deriveKey } from '@/server/access/secret-key';
import type { Config } from '@/server/config';
import { reportConfig } from '@/server/health-config';

export const monitorStart = z.object({
  dataDir: z.string(),
  mode: monitoringMode,
  historyLimitBytes: z.number(),
  /** `namesKey`, in base64, makes the hashes of names. Null: nothing is reported. */
  report: z.object({ config: reportConfig, namesKey: z.string(), version: z.string() }).nullable(),
});
export type MonitorStart = z.infer<typeof monitorStart>;

export function monitorStartOf(
  { dataDir, historyLimitBytes, monitoring }: Pick<Config, 'dataDir' | 'historyLimitBytes' | 'monitoring'>,
  secretKey: Buffer,
  version: string,
): MonitorStart {
  const { mode, report } = monitoring;
  const namesKey = deriveKey(secretKey, 'reported names').toString('base64');
  return {
    ...{ dataDir, mode, historyLimitBytes },
    report: report && { config: report, namesKey, version },
  };
}
