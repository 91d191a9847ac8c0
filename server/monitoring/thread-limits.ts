// What V8 may take for the data thread's objects.
import type { ResourceLimits } from 'node:worker_threads';
import type { MonitoringMode } from '@/lib/contracts/monitoring/mode';

/**
 * In reduced mode the thread works for some hundredths of a second a minute, and V8 keeps the room that the largest sweep has filled with young objects: more than
 * all that lives (docs/decisions/0023-memory-given-back.md). Three are a megabyte for those that live, as many to move them to, and one of V8's own.
 */
export const monitorThreadLimits = (mode: MonitoringMode): ResourceLimits =>
  mode === 'reduced' ? { maxYoungGenerationSizeMb: 3 } : {};
