// Bundles a program around the engine, so that starting it costs a third of what starting it through tsx does, and measures nothing but the engine.
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = new URL('..', import.meta.url);

/**
 * @param entry path of the program, from the repository's root
 * @returns the file to run with plain Node; made anew each time, as its sources may have changed
 */
export function bundleEngine(entry: string, outfile: string, alsoExternal: string[] = []): string {
  buildSync({
    entryPoints: [fileURLToPath(new URL(entry, root))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // What the server keeps outside of its bundle, too.
    external: [
      '@node-rs/crc32',
      'lz4-napi',
      'snappy',
      '@bokuweb/zstd-wasm',
      'kafkajs',
      'zod',
      ...alsoExternal,
    ],
    tsconfig: fileURLToPath(new URL('tsconfig.json', root)),
  });
  return outfile;
}
