// What is missing from a standalone build is noticed; Next itself only warns.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { missingFromStandalone } from './build-state.mjs';

test('a file that a route needs and the standalone server lacks is named', () => {
  const root = mkdtempSync(join(tmpdir(), 'landbridge-build-'));
  try {
    const put = (file: string, text: string) => {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    };
    put('.next/server/app/api/route.js.nft.json', '{"files":["../../chunks/a.js","../../chunks/b.js"]}');
    put('.next/standalone/.next/server/chunks/a.js', '');
    expect(missingFromStandalone(root)).toEqual(['.next/server/chunks/b.js']);
    put('.next/standalone/.next/server/chunks/b.js', '');
    expect(missingFromStandalone(root)).toEqual([]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
