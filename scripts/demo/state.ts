// What the demo remembers between two starts, and the mark that says that one is running.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const demoState = z.object({
  /** How often the demo has been started. */
  runs: z.number().int(),
  /** False until the history of the topics has been written completely. */
  historyWritten: z.boolean(),
});
export type DemoState = z.infer<typeof demoState>;

export function loadState(dir: string): DemoState {
  const file = join(dir, 'state.json');
  if (!existsSync(file)) return { runs: 0, historyWritten: false };
  return demoState.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export async function saveState(dir: string, state: DemoState): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'state.json'), `${JSON.stringify(state, null, 2)}\n`);
}
