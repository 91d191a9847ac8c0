/**
 * Reads what an endpoint answers over OTLP: of success an ExportMetricsServiceResponse, of failure a google.rpc.Status, as protobuf or JSON.
 * What is neither is text. Pure.
 */
import { z } from 'zod';
import type { OutgoingResponse } from '@/server/outgoing/dial';

export type OtlpAnswer = { text: string; rejected: number };

const json = z.object({
  message: z.string().optional(),
  partialSuccess: z
    .object({ rejectedDataPoints: z.coerce.number().optional(), errorMessage: z.string().optional() })
    .optional(),
});

export function readOtlpAnswer({ status, headers, body }: OutgoingResponse): OtlpAnswer {
  const type = headers['content-type'] ?? '';
  const ok = status >= 200 && status < 300;
  const read = type.startsWith('application/x-protobuf')
    ? readProtobuf(body, ok)
    : type.startsWith('application/json')
      ? readJson(body)
      : null;
  return read ?? { text: body.toString('utf8'), rejected: 0 };
}

function readJson(body: Buffer): OtlpAnswer | null {
  try {
    const { message, partialSuccess: part } = json.parse(JSON.parse(body.toString('utf8')));
    const text = message ?? part?.errorMessage;
    return { text: text ?? '', rejected: part?.rejectedDataPoints ?? 0 };
  } catch {
    return null;
  }
}

function readProtobuf(body: Buffer, ok: boolean): OtlpAnswer | null {
  if (!ok) return { text: textOf(fieldsOf(body)?.get(2)), rejected: 0 };
  const part = fieldsOf(body)?.get(1);
  const fields = Buffer.isBuffer(part) ? fieldsOf(part) : null;
  const rejected = fields?.get(1);
  return { text: textOf(fields?.get(2)), rejected: typeof rejected === 'number' ? rejected : 0 };
}

type Field = number | Buffer;
const textOf = (field: Field | undefined) => (Buffer.isBuffer(field) ? field.toString('utf8') : '');

/** The last of each field that is a varint or has a length. Null: it is no message. */
function fieldsOf(bytes: Buffer): Map<number, Field> | null {
  const fields = new Map<number, Field>();
  let at = 0;
  const varint = (): number => {
    for (let value = 0, scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    return Number.NaN;
  };
  const skipped: Record<number, number> = { 1: 8, 5: 4 };
  while (at < bytes.length) {
    const tag = varint();
    const [number, type] = [Math.floor(tag / 8), tag % 8];
    if (type === 0) fields.set(number, varint());
    else if (type === 2) {
      const length = varint();
      fields.set(number, bytes.subarray(at, at + length));
      at += length;
    } else if (skipped[type] !== undefined) at += skipped[type];
    else return null;
    if (!(at <= bytes.length)) return null;
  }
  return fields;
}
