// npm run bench: one benchmark, one line of JSON on stdout.
import { benchAudit } from './audit';
import { benchBeside } from './beside';
import { measureDerivedCrc } from './derived-crc';
import { benchHealth } from './health';
import { benchHistory } from './history';
import { benchHub } from './hub';
import { benchMesh } from './mesh';
import { benchMirror } from './mirror';
import { benchModes } from './modes';
import { parseMeshOptions, parseMirrorOptions, USAGE } from './options';
import { benchSweep } from './sweep';

async function run([name, ...args]: string[]): Promise<object> {
  if (name === 'mirror') return benchMirror(parseMirrorOptions(args));
  if (name === 'mesh') return benchMesh(parseMeshOptions(args));
  if (name === 'derived-crc') return measureDerivedCrc();
  if (name === 'health')
    return benchHealth(Number(args[0] ?? 500), Number(args[1] ?? 2_000), Number(args[2] ?? 20));
  if (name === 'audit') return benchAudit(Number(args[0] ?? 1_000_000));
  if (name === 'history') return benchHistory(args);
  if (name === 'hub') {
    const [consoles = 500, series = 2_000, seconds = 120, hostile = 0] = args.map(Number);
    return benchHub({ consoles, series, seconds, hostile });
  }
  if (name === 'modes') return benchModes(args);
  if (name === 'sweep') return benchSweep(args);
  if (name === 'beside') return benchBeside(args);
  throw new Error(USAGE);
}

run(process.argv.slice(2)).then(
  (result) => console.log(JSON.stringify(result)),
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
