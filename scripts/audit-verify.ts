// `npm run audit:verify`: reads the audit log of a data directory, also of a running server, and says whether it is whole.
// Exit code 0: whole. 1: not whole, the first bad row is named. 2: it could not be looked at.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type AuditAnchor, anchorsIn } from '@/server/access/audit-anchor';
import { type Verdict, verifyStore } from '@/server/access/audit-verify';
import { readSecretKey, secretKeyPlace } from '@/server/access/secret-key';
import { StartError } from '@/server/errors';
import { readAuditHead } from '@/server/store/audit';
import { readStore } from '@/server/store/audit-reader';
import { readStoreKey } from '@/server/store/secret-key';
import type { Executor } from '@/server/store/store';

const usage = `npm run audit:verify -- [--data-dir ./data] [--anchors server.log]… [--head <row>:<mac>]… [--other-logs] [--json]

  --data-dir   the server's data directory; default LANDBRIDGE_DATA_DIR, or ./data
  --anchors    a file with anchors: the server's log, or what a consumer of the anchor topic printed; "-" is standard input
  --head       one anchor as you wrote it down: number of the row and its mac
  --other-logs anchors of other data directories may be among them; without it they mean that this log was replaced
  --json       the verdict as one line of JSON

The key is found as the server finds it: LANDBRIDGE_SECRET_KEY, LANDBRIDGE_SECRET_KEY_FILE, or its usual file.
Without anchors, a log that was replaced by an older copy of itself, or a data directory in which nothing was left, looks whole.
`;

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string', default: process.env.LANDBRIDGE_DATA_DIR?.trim() || './data' },
    anchors: { type: 'string', multiple: true, default: [] },
    head: { type: 'string', multiple: true, default: [] },
    'other-logs': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}

try {
  const verdict = await readStore(resolve(values['data-dir']), verify);
  process.stdout.write(values.json ? `${JSON.stringify(verdict)}\n` : told(verdict));
  process.exitCode = verdict.problems.length === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function verify(db: Executor): Promise<Verdict> {
  const place = secretKeyPlace(process.env, resolve(values['data-dir']));
  const known = await readStoreKey(db);
  if (!known) throw new StartError('This store was never opened by a server that chains its audit log.');
  const anchors = values.anchors.flatMap(anchorsOf);
  const head = await readAuditHead(db);
  const told = [...anchors, ...written(head?.log ?? '')];
  return verifyStore(db, readSecretKey(place, known), told, values['other-logs']);
}

/** A file without anchors, such as the wrong one, must not pass for a comparison. */
function anchorsOf(file: string): AuditAnchor[] {
  const found = anchorsIn(textOf(file));
  if (found.length === 0)
    throw new StartError(`--anchors ${file}: no anchor stands in it. Is it the server's log?`);
  return found;
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new StartError(`--anchors ${file}: the file cannot be read.`, { cause });
  }
}

function written(log: string): AuditAnchor[] {
  return values.head.map((text) => {
    const match = /^(\d+):([0-9a-f]{64})$/.exec(text.trim());
    if (!match?.[2])
      throw new StartError(`--head ${text} is not <row>:<mac>, a number and 64 hexadecimal digits.`);
    return { log, seq: Number(match[1]), mac: match[2], keyId: '', at: 'your --head' };
  });
}

function told({ rows, problems, unlisted, end, anchors, otherAnchors }: Verdict): string {
  const others = otherAnchors === 0 ? '' : `, ${otherAnchors} of other logs not`;
  const compared = anchors + otherAnchors === 0 ? 'no anchors given' : `${anchors} anchors compared${others}`;
  if (problems.length === 0)
    return `The audit log is whole: ${rows} rows, the last is ${end?.seq ?? 0} (${compared}).\n`;
  const [first] = problems;
  return [
    `The audit log is NOT whole. First bad row: ${first?.seq}. (${rows} rows read, ${compared})`,
    ...problems.map(({ kind, message }) => `  ${kind}  ${message}`),
    ...(unlisted > 0 ? [`  and ${unlisted} more`] : []),
    '',
  ].join('\n');
}
