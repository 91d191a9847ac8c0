// What leaves the engine passes here: words of brokers, token endpoints and Kafka clients may quote a secret. Numbers are not looked at.
import type { FromEngine } from '@/lib/contracts/engine';
import { scrub, scrubAll } from './access/scrub';

/** Snapshots come each second with thousands of mirrors: their few texts are changed in place. */
export function scrubbedMessage(message: FromEngine): FromEngine {
  if (message.type !== 'snapshot') return scrubAll(message);
  for (const link of message.links) {
    scrubMessage(link);
    for (const mirror of link.mirrors) {
      scrubMessage(mirror);
      for (const exception of mirror.exceptions) scrubMessage(exception);
    }
  }
  return message;
}

function scrubMessage(part: { message: string | null }): void {
  if (part.message !== null) part.message = scrub(part.message);
}
