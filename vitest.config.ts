// Two projects: `unit` needs nothing but Node, `kafka` starts real brokers through the harness.
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
const exclude = ['**/node_modules/**', '.next/**', 'e2e/**'];
// What is too long for every change: `npm run test:full`.
const full = process.env.LANDBRIDGE_FULL === '1';
const long = full ? [] : ['**/*.full.kafka.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    isolate: false,
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['server/link/**', 'server/kafka/**'],
      exclude: ['**/*.test.ts', '**/testing/**'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...exclude, '**/*.kafka.test.ts'],
          pool: 'forks',
          isolate: false,
          maxWorkers: 2,
          // Stores write through to the disk, which a test's own needs not.
          env: { TMPDIR: quickTemporaryFolder(64) },
          // Guards against hangs only: property tests of 2 s take several times that on a busy machine.
          testTimeout: 30_000,
        },
      },
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
