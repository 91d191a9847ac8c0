// Reads a health report that a console sends: JSON, packed or not, within limits before and after it is unpacked.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Spend } from '@/server/control/report-budgets';
import { isLandbridgeError, LandbridgeError } from '@/server/errors';
import {
  reportMaxBytes,
  reportMaxUnpackedBytes,
  reportReadLimitMs,
  seriesPerReport,
  valuesPerReport,
} from '@/server/intervals';
import { readBytes } from './read-body';
import { seriesIn, valuesIn } from './report-size';

const unpack = promisify(gunzip);

/**
 * @param spend is told what it costs as soon as that is known, also of what is refused
 * @throws LandbridgeError BODY_TOO_LARGE or INVALID_REQUEST
 */
export async function readReport(request: Request, spend: Spend): Promise<unknown> {
  const body = await readBytes(request, reportMaxBytes, reportReadLimitMs);
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const bytes = await unpacked(body, encoding).catch((error: unknown) => {
    if (isLandbridgeError(error) && error.code === 'BODY_TOO_LARGE') spend(seriesPerReport);
    throw error;
  });
  const costOfBytes = Math.ceil((bytes.length / reportMaxUnpackedBytes) * seriesPerReport);
  spend(costOfBytes);
  const costOfValues = Math.ceil((valuesIn(bytes) / valuesPerReport) * seriesPerReport);
  spend(Math.max(0, costOfValues - costOfBytes));
  const report = parsed(bytes.toString('utf8'));
  spend(Math.max(0, seriesIn(report) - Math.max(costOfBytes, costOfValues)));
  return report;
}

function parsed(text: string): unknown {
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
