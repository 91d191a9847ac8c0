// Who this console is to those that it reports to: a random id in the data directory, the same at every start.

import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export type Console = { id: string; name: string; version: string; mode: string };

/** As OpenTelemetry calls who tells. */
export const consoleAttributes = ({ id, name, version, mode }: Console): Record<string, string> => ({
  ...{ 'service.name': 'landbridge', 'service.version': version, 'service.instance.id': id },
  ...{ 'landbridge.console.name': name, 'landbridge.mode': mode },
});

export const reportsFolder = (dataDir: string) => join(dataDir, 'reports');

/** @param folder of reports */
export function consoleId(folder: string): string {
  const file = join(folder, 'console-id');
  try {
    return z.uuid().parse(readFileSync(file, 'utf8').trim());
  } catch {
    // There is none yet, or no whole one: it gets a new one, which the other side notices.
    const id = randomUUID();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, `${id}\n`, { mode: 0o600 });
    return id;
  }
}
