// For a test that kills it: records a tick a minute, as fast as it goes, and says the time of each that is kept. Arguments: file, first time.
import { writeSync } from 'node:fs';
import { HistoryStore } from '../history-store';
import { groupsToKill, valueToKill } from './killed-values';
import { observer } from './test-history';

const [file, from] = process.argv.slice(2) as [string, string];
const store = new HistoryStore({
  file,
  limitBytes: 1e9,
  retentionDays: 10_000,
  log: (_, message) => process.stderr.write(`${message}\n`),
  // A seal is always going on.
  later: (slice) => setImmediate(slice),
});
const observe = observer();

for (let atMs = Number(from); ; atMs += 60_000) {
  const values = Object.fromEntries(groupsToKill.map((group, i) => [group, valueToKill(atMs, i)]));
  store.append(observe({ atMs, values }));
  if (store.status().lostTicks > 0) throw new Error('A tick was lost.');
  writeSync(1, `${atMs}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
