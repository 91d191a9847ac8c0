/**
 * Where the audit chain ends, told outside the store: whoever cuts rows off its end, or puts an older copy in its place,
 * cannot change what was told before. `npm run audit:verify` compares. Anchors hold no secret.
 */
import { z } from 'zod';

export const auditAnchor = z.object({
  /** Which log: named at its beginning. */
  log: z.string(),
  seq: z.int().min(1),
  mac: z.string().regex(/^[0-9a-f]{64}$/),
  keyId: z.string(),
  at: z.string(),
});
export type AuditAnchor = z.infer<typeof auditAnchor>;

const label = 'audit anchor ';

export function anchorText(anchor: AuditAnchor): string {
  return `${label}${JSON.stringify(anchor)}`;
}

/** Finds the anchors in a log file, whatever stands around them, and in lines of JSON as a Kafka consumer prints them. */
export function anchorsIn(text: string): AuditAnchor[] {
  return text.split('\n').flatMap((line) => {
    const at = line.indexOf(label);
    const json = at >= 0 ? line.slice(at + label.length) : line.slice(Math.max(0, line.indexOf('{')));
    const found = auditAnchor.safeParse(jsonOrNull(json.trim()));
    return found.success ? [found.data] : [];
  });
}

/** Most lines of a log are something else. */
function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
