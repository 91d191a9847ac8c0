// `unit` and `unit-engine` need nothing but Node, `kafka` starts real brokers through the harness.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { quickTemporaryFolder } from './scripts/lib/temporary-folder.mjs';

/** Files of which one takes a minute begin first, so that none is still at work when all others have ended. */
const longest = [
  'broker-down',
  'broker-faults',
  'faults',
  'nearest-replica',
  'source-faults',
  'reverse',
  'restored-source',
  'secured',
  'operations',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/${name}.kafka.test.ts`));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

const alias = { '@': new URL('.', import.meta.url).pathname.replace(/\/$/, '') };
/** Whose lines must be covered. Its unit tests are a project of their own: only they are slowed down by counting lines. */
const engine = ['server/link/**', 'server/kafka/**'];
const testsIn = (folder: string) => [`${folder}/*.test.ts`, `${folder}/*.test.tsx`];
const exclude = ['**/node_modules/**', '.next/**', 'e2e/**'];
// What is too long for every change: `npm run test:full`.
const full = process.env.LANDBRIDGE_FULL === '1';
const long = full ? [] : ['**/*.full.kafka.test.ts'];

const unitProject = (name: string, include: string[], elsewhere: string[]) => ({
  resolve: { alias },
  test: {
    name,
    include,
    exclude: [...exclude, ...elsewhere, '**/*.kafka.test.ts'],
    pool: 'forks' as const,
    isolate: false,
    maxWorkers: 2,
    // Stores write through to the disk, which a test's own needs not.
    env: { TMPDIR: quickTemporaryFolder(64) },
    // Guards against hangs only: property tests of 2 s take several times that on a busy machine.
    testTimeout: 30_000,
  },
});

export default defineConfig({
  test: {
    pool: 'forks',
    isolate: false,
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: engine,
      exclude: ['**/*.test.ts', '**/testing/**'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: [
      unitProject('unit-engine', engine.flatMap(testsIn), []),
      unitProject('unit', testsIn('**'), engine),
      {
        resolve: { alias },
        test: {
          name: 'kafka',
          include: ['**/*.kafka.test.ts'],
          exclude: [...exclude, ...long],
          pool: 'forks',
          isolate: false,
          // They wait more than they work: three at a time fill two cores, each with clusters of its own.
          maxWorkers: full ? 1 : 3,
          env: { TMPDIR: quickTemporaryFolder(4096) },
          testTimeout: full ? 1_800_000 : 600_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
