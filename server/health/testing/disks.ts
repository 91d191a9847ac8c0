// What is observed of a disk of a broker, for tests of alerts.
import type { Now } from './health-world';

export const disk = (used: number): Now => ({
  landbridge_log_dir_used_bytes: used,
  landbridge_log_dir_total_bytes: 100,
});
export const full = disk(95);
export const empty = disk(10);
