// ACLs that links have added to their clusters, or were about to add: what the engine may take away again.
import { z } from 'zod';
import { aclBinding, aclPurpose, type HeldAcls } from '@/lib/contracts/acl';
import type { Executor } from './store';

const storedBindings = z.array(aclBinding);

export async function listHeldAcls(db: Executor): Promise<(HeldAcls & { linkId: string })[]> {
  const rows = await db.selectFrom('heldAcls').selectAll().orderBy('linkId').orderBy('name').execute();
  return rows.map((row) => ({
    linkId: row.linkId,
    purpose: aclPurpose.parse(row.purpose),
    name: row.name,
    bindings: storedBindings.parse(JSON.parse(row.bindings)),
  }));
}

/** Replaces what is known by purpose and name; without bindings it is forgotten. */
export async function recordHeldAcls(db: Executor, linkId: string, held: readonly HeldAcls[]): Promise<void> {
  for (const { purpose, name, bindings } of held) {
    if (bindings.length === 0) {
      await db
        .deleteFrom('heldAcls')
        .where('linkId', '=', linkId)
        .where('purpose', '=', purpose)
        .where('name', '=', name)
        .execute();
      continue;
    }
    const row = { linkId, purpose, name, bindings: JSON.stringify(bindings) };
    await db
      .insertInto('heldAcls')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['linkId', 'purpose', 'name']).doUpdateSet({ bindings: row.bindings }),
      )
      .execute();
  }
}
