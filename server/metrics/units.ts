// Units as documents and other programs write them. Pure.
import type { Unit } from '@/lib/monitoring/metrics';

/** For people. */
export const unitWords: Record<Unit, string> = {
  count: 'number',
  bytes: 'bytes',
  seconds: 's',
  bytesPerSecond: 'bytes/s',
  perSecond: '1/s',
  ratio: 'ratio',
  flag: '0 or 1',
  id: 'id',
  code: '0 or 1',
  offset: 'offset',
};

/** In the Unified Code for Units of Measure, as OTLP has them. Counts of things have none. */
export const ucumUnits: Record<Unit, string> = {
  ...{ count: '', flag: '', id: '', code: '', offset: '' },
  ...{ bytes: 'By', seconds: 's', bytesPerSecond: 'By/s', perSecond: '1/s', ratio: '1' },
};
