// Decisions about health rules and alerts as the store keeps them: JSON in rows, of channels a sealed one.
import type { SecretBox } from '@/server/access/secret-box';
import type { Executor } from './store';

export const healthKinds = ['override', 'silence', 'channel', 'route'] as const;
export type HealthKind = (typeof healthKinds)[number];
export type StoredSetting = { kind: HealthKind; id: string; value: unknown };

/** @throws SealError when a channel was sealed with another key, or its row was changed by somebody else */
export async function listHealthSettings(db: Executor, box: SecretBox): Promise<StoredSetting[]> {
  const rows = await db.selectFrom('healthSetting').selectAll().orderBy('kind').orderBy('id').execute();
  return rows.map(({ kind, id, value }) => ({
    kind: kind as HealthKind,
    id,
    value: JSON.parse(kind === 'channel' ? box.open(value, placeOf(id)) : value),
  }));
}

export async function putHealthSetting(
  db: Executor,
  box: SecretBox,
  { kind, id, value }: StoredSetting,
  atMs: number,
): Promise<void> {
  const json = JSON.stringify(value);
  const row = { value: kind === 'channel' ? box.seal(json, placeOf(id)) : json, updatedAtMs: atMs };
  await db
    .insertInto('healthSetting')
    .values({ kind, id, ...row })
    .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet(row))
    .execute();
}

export async function deleteHealthSetting(db: Executor, kind: HealthKind, id: string): Promise<void> {
  await db.deleteFrom('healthSetting').where('kind', '=', kind).where('id', '=', id).execute();
}

/** The same channels under another key. @returns how many */
export async function resealChannels(db: Executor, before: SecretBox, after: SecretBox): Promise<number> {
  const rows = await db.selectFrom('healthSetting').selectAll().where('kind', '=', 'channel').execute();
  for (const { id, value } of rows) {
    const sealed = after.seal(before.open(value, placeOf(id)), placeOf(id));
    await db
      .updateTable('healthSetting')
      .set({ value: sealed })
      .where('kind', '=', 'channel')
      .where('id', '=', id)
      .execute();
  }
  return rows.length;
}

const placeOf = (id: string) => ({ table: 'healthSetting', id, column: 'value' });
