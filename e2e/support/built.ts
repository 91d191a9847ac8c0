// Before the workers begin: the product is built from the sources that are here. Each worker starts it, and would build it.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));

export default function built(): void {
  execFileSync(process.execPath, [script, '--if-needed'], { stdio: 'inherit' });
}
