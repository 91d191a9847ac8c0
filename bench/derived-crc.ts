// What a batch's new checksum costs: over the whole batch, as a producer computes it, against derived from the old one.
import { randomFillSync } from 'node:crypto';
import { crc32c } from '@/server/kafka/wire/crc32c';
import { restamp } from '@/server/kafka/wire/record-batch';
import { machine } from './machine';

const SIZES = { '16 KB': 16_384, '75 KB': 76_800, '1 MB': 1_048_576 };
const ROUND_MS = 300;
const ROUNDS = 7;
/** More bytes than any cache holds: batches come from the network, they don't lie warm. */
const SPREAD_BYTES = 128 * 1024 * 1024;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;

export async function measureDerivedCrc(): Promise<object> {
  const memory = Buffer.allocUnsafeSlow(SPREAD_BYTES);
  randomFillSync(memory);
  const results = Object.entries(SIZES).map(([size, bytes]) => {
    const batches: Buffer[] = [];
    for (let at = 0; at + bytes <= memory.length; at += bytes) batches.push(memory.subarray(at, at + bytes));
    for (const batch of batches) seal(batch);
    let sequence = 0;
    const wholeUs = perBatchUs(batches, (batch) => void crc32c(batch.subarray(ATTRIBUTES_AT)));
    // All of the restamping, of which the checksum is a part.
    const derivedUs = perBatchUs(batches, (batch) => restamp(batch, 4_711n, 3, sequence++ & 0x7fffffff));
    for (const batch of batches.slice(0, 3))
      if (batch.readUInt32BE(CRC_AT) !== crc32c(batch.subarray(ATTRIBUTES_AT)))
        throw new Error(`The derived checksum of a batch of ${size} is wrong.`);
    return { size, bytes, wholeUs, derivedUs, ratio: Math.round((wholeUs / derivedUs) * 10) / 10 };
  });
  return { bench: 'derived-crc', at: new Date().toISOString(), results, machine: await machine() };
}

function seal(batch: Buffer): void {
  batch.writeUInt32BE(crc32c(batch.subarray(ATTRIBUTES_AT)), CRC_AT);
}

/** Best of several rounds, in microseconds: what the machine does beside only adds. */
function perBatchUs(batches: Buffer[], work: (batch: Buffer) => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    let done = 0;
    let elapsed = 0;
    while (elapsed < ROUND_MS) {
      for (let i = 0; i < 16; i++) work(batches[(done + i) % batches.length] as Buffer);
      done += 16;
      elapsed = performance.now() - begin;
    }
    best = Math.min(best, (elapsed * 1000) / done);
  }
  return Math.round(best * 100) / 100;
}
