// Records as lines of JSON, for whoever saves what would be lost. Content passes here and nowhere else: it is never logged.
import { Reader } from '@/server/kafka/wire/reader';
import type { FlatRecord } from '../tail-check';

export type RecordParts = {
  key: Buffer | null;
  value: Buffer | null;
  headers: { key: string; value: Buffer | null }[];
};

/** Key, value and headers as they stand behind a record's own numbers; lengths of −1 are null. */
export function partsOf(rest: Buffer): RecordParts {
  const reader = new Reader(rest);
  const bytes = () => {
    const length = reader.varint();
    return length < 0 ? null : reader.view(length);
  };
  const [key, value] = [bytes(), bytes()];
  const headers: RecordParts['headers'] = [];
  for (let left = reader.varint(); left > 0; left--)
    headers.push({ key: (bytes() ?? Buffer.alloc(0)).toString('utf8'), value: bytes() });
  return { key, value, headers };
}

/** One line; bytes as base64, offset and timestamp as text, because numbers of JSON end at 2^53. */
export function lineOf(partition: number, { offset, timestamp, rest }: FlatRecord): string {
  const { key, value, headers } = partsOf(rest);
  const base64 = (bytes: Buffer | null) => bytes?.toString('base64') ?? null;
  return `${JSON.stringify({
    partition,
    offset: String(offset),
    timestamp: String(timestamp),
    key: base64(key),
    value: base64(value),
    headers: headers.map((header) => ({ key: header.key, value: base64(header.value) })),
  })}\n`;
}
