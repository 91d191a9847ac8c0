// Reads a health report that a console sends: JSON, packed or not, within limits before and after it is unpacked.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LandbridgeError } from '@/server/errors';
import { reportMaxBytes, reportMaxUnpackedBytes } from '@/server/intervals';
import { readBytes } from './read-body';

const unpack = promisify(gunzip);

/** @throws LandbridgeError BODY_TOO_LARGE or INVALID_REQUEST */
export async function readReport(request: Request): Promise<unknown> {
  const body = await readBytes(request, reportMaxBytes);
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const text = (await unpacked(body, encoding)).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LandbridgeError('INVALID_REQUEST', 'The report is not JSON.', { cause: error });
  }
}

/** What the sender's clock said when it sent this; null: it didn't say. */
export function sentAtOf(headers: Headers): number | null {
  const text = headers.get('x-landbridge-sent-at') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

async function unpacked(body: Buffer, encoding: string): Promise<Buffer> {
  if (encoding === 'identity' || encoding === '') return body;
  if (encoding !== 'gzip')
    throw new LandbridgeError(
      'INVALID_REQUEST',
      `Reports are taken as they are or as gzip, not as "${encoding}".`,
    );
  try {
    // A small body may be the beginning of an endless one: it is unpacked up to the limit, and no further.
    return await unpack(body, { maxOutputLength: reportMaxUnpackedBytes });
  } catch (error) {
    const tooLarge =
      error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (!tooLarge) throw new LandbridgeError('INVALID_REQUEST', 'The report is not gzip.', { cause: error });
    throw new LandbridgeError(
      'BODY_TOO_LARGE',
      `The report is larger than ${reportMaxUnpackedBytes} bytes when it is unpacked.`,
    );
  }
}
