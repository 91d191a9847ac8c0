// A mirror that can't be set up as things stand. What may be mended by trying again is a KafkaError instead.
import type { MirrorError } from '@/lib/contracts/link';

/** The topic can't be mirrored as things stand; a person must decide. */
export class MirrorRefused extends Error {
  readonly code: MirrorError;
  constructor(code: MirrorError, message: string) {
    super(message);
    this.name = 'MirrorRefused';
    this.code = code;
  }
}
