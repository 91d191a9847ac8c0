// How states are shown: a shape, a word and a tone for each. The same on every page; names are the field's.
import type { LinkState, MirrorError, MirrorState } from '@/lib/contracts/link';
import type { LinkTaskState } from '@/lib/contracts/link-task';

export type Shape = 'circle' | 'triangle' | 'square' | 'bars' | 'ring' | 'hollow' | 'stopped';
export type StateLook = { shape: Shape; word: string };
export type AnyState = LinkState | MirrorState | LinkTaskState;

const looks: Record<AnyState, StateLook> = {
  ACTIVE: { shape: 'circle', word: 'Active' },
  PAUSED: { shape: 'bars', word: 'Paused' },
  LINK_PAUSED: { shape: 'bars', word: 'Link paused' },
  UNAVAILABLE: { shape: 'triangle', word: 'Unavailable' },
  SOURCE_UNAVAILABLE: { shape: 'triangle', word: 'Source unavailable' },
  FAILED: { shape: 'square', word: 'Failed' },
  LINK_FAILED: { shape: 'square', word: 'Link failed' },
  PENDING_MIRROR: { shape: 'ring', word: 'Pending' },
  PENDING_STOPPED: { shape: 'ring', word: 'Stopping' },
  PENDING_SYNCHRONIZE: { shape: 'ring', word: 'Synchronizing' },
  STOPPED: { shape: 'stopped', word: 'Stopped' },
  IN_ERROR: { shape: 'square', word: 'In error' },
  NOT_CONFIGURED: { shape: 'stopped', word: 'Off' },
  LINK_UNAVAILABLE: { shape: 'triangle', word: 'Link unavailable' },
  UNKNOWN: { shape: 'hollow', word: 'Unknown' },
};

/** @param attention something about an active thing is worth a look */
export function stateLook(state: AnyState, attention = false): StateLook {
  const look = looks[state];
  return attention && look.shape === 'circle' ? { shape: 'triangle', word: look.word } : look;
}

/** Colour of a shape, as a text colour class. */
export const toneOf: Record<Shape, string> = {
  circle: 'text-ok',
  triangle: 'text-warn',
  square: 'text-bad',
  bars: 'text-held',
  ring: 'text-accent',
  hollow: 'text-unknown',
  stopped: 'text-unknown',
};

const errorWords: Record<MirrorError, string> = {
  NO_ERROR: '',
  SOURCE_TOPIC_MAY_BE_DELETED: 'source topic may be deleted',
  SOURCE_TOPIC_ID_CHANGED: 'source topic was recreated',
  SOURCE_PARTITIONS_DECREASED: 'source has fewer partitions',
  UNEXPECTED_TRUNCATION: 'source was truncated',
  UNSUPPORTED_MESSAGE_FORMAT: 'message format is not supported',
  ILLEGAL_STATE: 'illegal state',
  TOMBSTONES_EXPIRED: 'tombstones expired',
  UNEXPECTED_WRITE: 'unexpected write',
  SOURCE_RANGE_LOST: 'source range lost',
  RECORD_TOO_LARGE: 'record too large',
  AUTHORIZATION_ERROR: 'a right is missing',
};
export const errorWord = (error: MirrorError): string => errorWords[error];
