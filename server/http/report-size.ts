/**
 * How large a report is, found out before it is checked against its contract, and for the worst before it is even parsed: what makes a hub
 * slow, or full, is many values, whatever they are. Pure.
 */
import { LandbridgeError } from '@/server/errors';
import { columnsPerReport, seriesPerReport, valuesPerReport, wholePerReport } from '@/server/intervals';

const [quote, backslash, comma, brace, bracket] = [0x22, 0x5c, 0x2c, 0x7b, 0x5b];

/**
 * @returns the values of a JSON text
 * @throws LandbridgeError BODY_TOO_LARGE for more than a report can have
 */
export function valuesIn(json: Buffer): number {
  let [values, nested, inText] = [1, 0, false];
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (inText && byte === backslash) at++;
    else if (byte === quote) inText = !inText;
    else if (inText) continue;
    else if (byte === comma) values++;
    else if (byte === brace || byte === bracket) nested++;
  }
  if (values > valuesPerReport) throw tooLarge(`${values} values; at most ${valuesPerReport}`);
  // Each metric is one of them, and so are its labels.
  if (nested > columnsPerReport) throw tooLarge(`${nested} lists and objects; at most ${columnsPerReport}`);
  return values;
}

/**
 * Its lists hold what lists of a report hold, which is told once: their contract would tell it of each value.
 * @returns its series
 * @throws LandbridgeError BODY_TOO_LARGE or INVALID_REQUEST
 */
export function seriesIn(report: unknown): number {
  const { series, whole, clusterIds } = objectOf(report);
  if (Array.isArray(whole) && whole.length > wholePerReport)
    throw tooLarge(`${whole.length} clusters and links that were seen whole; at most ${wholePerReport}`);
  const ids = Object.keys(objectOf(clusterIds)).length;
  if (ids > wholePerReport) throw tooLarge(`ids of ${ids} clusters; at most ${wholePerReport}`);
  let rows = 0;
  for (const column of Array.isArray(series) ? series : []) {
    const { metric, labels, values } = objectOf(column);
    const lists = Object.values(objectOf(labels)).filter(Array.isArray);
    const right =
      Array.isArray(values) &&
      values.every((value) => typeof value === 'number' || typeof value === 'string') &&
      lists.every((list) => list.every((text) => typeof text === 'string'));
    if (!right)
      throw new LandbridgeError(
        'INVALID_REQUEST',
        `${String(metric).slice(0, 100)} has values that are neither numbers nor words, or labels that are no text.`,
      );
    rows += values.length;
  }
  if (rows > seriesPerReport) throw tooLarge(`${rows} series; at most ${seriesPerReport}`);
  return rows;
}

export const tooLarge = (what: string) =>
  new LandbridgeError('BODY_TOO_LARGE', `The report has ${what} are taken.`);

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
