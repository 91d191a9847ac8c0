// Brings a database forward, one numbered migration per transaction. Never backward: an older program refuses a newer database.
import type Database from 'libsql';
import { StartError } from '@/server/errors';
import { clustersLinksMirrors } from './migrations/0001-clusters-links-mirrors';
import { access } from './migrations/0002-access';
import { audit } from './migrations/0003-audit';
import { secretKey } from './migrations/0004-secret-key';
import { authenticatedAt } from './migrations/0005-authenticated-at';
import { operations } from './migrations/0006-operations';
import { sponsors } from './migrations/0007-sponsors';
import { verification } from './migrations/0008-verification';
import { heldAcls } from './migrations/0009-held-acls';
import { groupMemory } from './migrations/0010-group-memory';
import { removedMirrors } from './migrations/0011-removed-mirrors';
import { topicDeletions } from './migrations/0012-topic-deletions';
import { afterFailures } from './migrations/0013-after-failures';
import { turnedMirrors } from './migrations/0014-turned-mirrors';
import { destinationTopicIds } from './migrations/0015-destination-topic-ids';
import { healthSettings } from './migrations/0016-health-settings';
import { hubSenders } from './migrations/0017-hub-senders';

export type Migration = { number: number; name: string; statements: readonly string[] };

export const migrations: readonly Migration[] = [
  clustersLinksMirrors,
  access,
  audit,
  secretKey,
  authenticatedAt,
  operations,
  sponsors,
  verification,
  heldAcls,
  groupMemory,
  removedMirrors,
  topicDeletions,
  afterFailures,
  turnedMirrors,
  destinationTopicIds,
  healthSettings,
  hubSenders,
];

/** @throws StartError when the database was written by a newer program. */
export function migrate(
  db: Database.Database,
  file: string,
  steps: readonly Migration[] = migrations,
  nowMs: () => number = Date.now,
): void {
  db.exec(
    'create table if not exists migration (number integer primary key, name text not null, appliedAtMs integer not null) strict',
  );
  const applied = db.prepare('select max(number) as latest from migration').all([])[0] as {
    latest: number | null;
  };
  const current = applied.latest ?? 0;
  const newest = steps.at(-1)?.number ?? 0;
  if (current > newest) {
    throw new StartError(
      `${file} was written by a newer Landbridge: it has migration ${current}, this program knows up to ${newest}. ` +
        'Start the newer version, or point LANDBRIDGE_DATA_DIR at another directory.',
    );
  }
  for (const step of steps.filter((candidate) => candidate.number > current)) apply(db, file, step, nowMs());
}

function apply(db: Database.Database, file: string, step: Migration, nowMs: number): void {
  db.exec('begin immediate');
  try {
    for (const statement of step.statements) db.exec(statement);
    db.prepare('insert into migration (number, name, appliedAtMs) values (?, ?, ?)').run([
      step.number,
      step.name,
      nowMs,
    ]);
    db.exec('commit');
  } catch (error) {
    db.exec('rollback');
    throw new StartError(
      `Migration ${step.number} (${step.name}) of ${file} failed and was rolled back; the database is as it was before.`,
      { cause: error },
    );
  }
}
