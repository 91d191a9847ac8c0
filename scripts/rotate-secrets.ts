// `npm run secrets:rotate`: changes the server's secret key while the server is stopped. Takes the server's own settings from
// the environment; with the key in LANDBRIDGE_SECRET_KEY the new one comes in LANDBRIDGE_NEW_SECRET_KEY. Prints no key.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rotateKey } from '@/server/access/rotate-key';
import { Secret } from '@/server/access/secret';
import { secretKeyPlace } from '@/server/access/secret-key';
import { StartError } from '@/server/errors';
import { openStore } from '@/server/store/store';

const root = fileURLToPath(new URL('..', import.meta.url));
// npm runs scripts in the project's folder; INIT_CWD is where the person stands.
const from = process.env.INIT_CWD ?? process.cwd();

async function run(): Promise<void> {
  const { LANDBRIDGE_DATA_DIR, LANDBRIDGE_SECRET_KEY_FILE, LANDBRIDGE_NEW_SECRET_KEY } = process.env;
  const dataDir = LANDBRIDGE_DATA_DIR ? resolve(from, LANDBRIDGE_DATA_DIR) : join(root, 'data');
  if (!existsSync(join(dataDir, 'landbridge.db'))) {
    throw new StartError(`There is no store in ${dataDir}. Set LANDBRIDGE_DATA_DIR as for the server.`);
  }
  const file = LANDBRIDGE_SECRET_KEY_FILE && resolve(from, LANDBRIDGE_SECRET_KEY_FILE);
  const place = secretKeyPlace({ ...process.env, LANDBRIDGE_SECRET_KEY_FILE: file }, dataDir);
  const newKey = LANDBRIDGE_NEW_SECRET_KEY?.trim();
  const store = openStore(dataDir);
  try {
    const done = await rotateKey(store, place, newKey ? new Secret(newKey) : null);
    say(
      done.resealed === null
        ? `An earlier run had sealed the store with key ${done.to}; the rest is done now.`
        : `Changed from key ${done.from} to ${done.to}: ${done.resealed} secrets were sealed anew.`,
    );
    if (newKey) say('Start the server with LANDBRIDGE_SECRET_KEY set to the new key.');
    if (done.formerKeyFile) {
      say(
        `The former key is in ${done.formerKeyFile}. Backups from before need it: keep it apart from them, and remove it with them.`,
      );
    }
  } finally {
    await store.close();
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await run();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`The key was not changed: ${error.message}\n`);
  if (error.cause instanceof Error) process.stderr.write(`(${error.cause.message})\n`);
  process.exitCode = 1;
}
