// Reads a request's JSON body within a size limit; stops reading at the limit, whatever content-length says.
import { LandbridgeError } from '@/server/errors';
import { requestBodyMaxBytes } from '@/server/intervals';

/** @throws LandbridgeError BODY_TOO_LARGE or INVALID_REQUEST */
export async function readJsonBody(request: Request, maxBytes = requestBodyMaxBytes): Promise<unknown> {
  const text = (await readBytes(request, maxBytes)).toString('utf8');
  if (text.trim() === '') throw new LandbridgeError('INVALID_REQUEST', 'The body is empty; send JSON.');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LandbridgeError('INVALID_REQUEST', 'The body is not JSON.', { cause: error });
  }
}

/**
 * @param limitMs for all of it; null: as long as the server lets a connection be open
 * @throws LandbridgeError BODY_TOO_LARGE or INVALID_REQUEST
 */
export async function readBytes(
  request: Request,
  maxBytes: number,
  limitMs: number | null = null,
): Promise<Buffer> {
  if (request.body === null) return Buffer.alloc(0);
  const reader = request.body.getReader();
  let late = false;
  const timer =
    limitMs === null
      ? undefined
      : setTimeout(() => {
          late = true;
          void reader.cancel().catch(() => undefined);
        }, limitMs);
  try {
    const bytes = await readAll(reader, maxBytes);
    if (!late) return bytes;
    throw new LandbridgeError('INVALID_REQUEST', `The body was not whole after ${limitMs} ms.`);
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let part = await next(reader); !part.done; part = await next(reader)) {
    size += part.value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw new LandbridgeError('BODY_TOO_LARGE', `The body is larger than ${maxBytes} bytes.`);
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}

/** A client that breaks off gets no answer anyway; it is no fault of the server that its log should tell. */
async function next(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch {
    throw new LandbridgeError('INVALID_REQUEST', 'The body ended before it was whole.');
  }
}
