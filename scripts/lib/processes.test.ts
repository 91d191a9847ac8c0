// What the scripts promise about processes: whatever they started is found and ended, also after a kill -9.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endMarked, finished, marked, newMark, start, whenGone } from './processes.mjs';

const modulePath = new URL('./processes.mjs', import.meta.url).href;
const forever = ['-e', 'setInterval(() => {}, 1000)'];
const limitMs = 20_000;

test('a program that outlives its starter is found by its mark and ended', async () => {
  const mark = newMark();
  const child = start('sh', ['-c', `"${process.execPath}" ${forever[0]} "${forever[1]}" & sleep 0.2`], {
    mark,
    stdio: 'ignore',
  });
  expect((await finished(child, limitMs)).code).toBe(0);
  expect(marked(mark)).toHaveLength(1);
  await endMarked(mark, 2_000);
  expect(marked(mark)).toEqual([]);
});

test('a program that goes on for longer than its limit is ended with its whole group', async () => {
  const mark = newMark();
  const child = start('sh', ['-c', `"${process.execPath}" ${forever[0]} "${forever[1]}"; true`], {
    mark,
    stdio: 'ignore',
  });
  expect(await finished(child, 300)).toMatchObject({ timedOut: true, signal: 'SIGKILL' });
  expect(await whenGone(mark, limitMs)).toEqual([]);
});

test('a program that cannot be started is reported, not thrown', async () => {
  const child = start('/nonexistent/program', [], { mark: newMark(), stdio: 'ignore' });
  expect((await finished(child, limitMs)).error).toMatchObject({ code: 'ENOENT' });
});

test('when a run is killed with SIGKILL, its watchdog ends what the run had started', async () => {
  const script = `
    import { markThisRun, startWatchdog } from '${modulePath}';
    import { spawn } from 'node:child_process';
    const mark = markThisRun();
    startWatchdog(mark, 1000);
    spawn(process.execPath, ${JSON.stringify(forever)}, { stdio: 'ignore', detached: true });
    console.log(mark);
    setInterval(() => {}, 1000);`;
  const run = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(run.stdout, 'data')) as [Buffer];
  const mark = line.toString().trim();
  expect(marked(mark)).toHaveLength(1);
  run.kill('SIGKILL');
  expect(await whenGone(mark, limitMs)).toEqual([]);
});
