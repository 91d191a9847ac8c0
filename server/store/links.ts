// Links with their settings, and the producer epoch of the last clean stop.
import { z } from 'zod';
import { type LinkSettings, linkSettings } from '@/lib/contracts/link';
import type { LinkTable } from './schema';
import type { Executor } from './store';

export type StoredLink = {
  id: string;
  name: string;
  /** Names of the registered clusters. */
  source: string;
  destination: string;
  sourceClusterId: string;
  destinationClusterId: string;
  settings: LinkSettings;
  cleanStopEpoch: number | null;
  createdAtMs: number;
};

export async function listLinks(db: Executor): Promise<StoredLink[]> {
  const rows = await db.selectFrom('link').selectAll().orderBy('destination').orderBy('name').execute();
  return rows.map(fromRow);
}

export async function insertLink(db: Executor, link: StoredLink): Promise<void> {
  await db
    .insertInto('link')
    .values({ ...link, settings: JSON.stringify(explicitSettings(link.settings)) })
    .execute();
}

export async function updateLinkSettings(db: Executor, id: string, settings: LinkSettings): Promise<void> {
  await db
    .updateTable('link')
    .set({ settings: JSON.stringify(explicitSettings(settings)) })
    .where('id', '=', id)
    .execute();
}

/** Mirrors and events of the link go with it. */
export async function deleteLink(db: Executor, id: string): Promise<void> {
  await db.deleteFrom('link').where('id', '=', id).execute();
}

/** No epoch is known any more: an engine is about to work the links, and may die without a word. */
export async function forgetCleanStops(db: Executor): Promise<void> {
  await db
    .updateTable('link')
    .set({ cleanStopEpoch: null })
    .where('cleanStopEpoch', 'is not', null)
    .execute();
}

export async function recordCleanStop(db: Executor, id: string, epoch: number | null): Promise<void> {
  await db.updateTable('link').set({ cleanStopEpoch: epoch }).where('id', '=', id).execute();
}

/** What differs from the defaults: only that is stored, so that a better default reaches links that never chose. */
export function explicitSettings(settings: LinkSettings): Partial<LinkSettings> {
  const defaults: Record<string, unknown> = linkSettings.parse({});
  return Object.fromEntries(Object.entries(settings).filter(([key, value]) => value !== defaults[key]));
}

const storedSettings = z.string().transform((text) => linkSettings.parse(JSON.parse(text)));

function fromRow(row: LinkTable): StoredLink {
  return { ...row, settings: storedSettings.parse(row.settings) };
}
