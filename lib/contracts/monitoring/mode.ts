// How much monitoring a server does by itself.
import { z } from 'zod';

/** normal: history, rules and alerts here. reduced: they are elsewhere, and told by reports. hub: the place where reports arrive. */
export const monitoringMode = z.enum(['normal', 'reduced', 'hub']);
export type MonitoringMode = z.infer<typeof monitoringMode>;
