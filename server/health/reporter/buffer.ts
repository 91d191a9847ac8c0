/**
 * Reports that wait for one endpoint: a file each, written through to the disk before it counts, in the order of their names. What is beyond the
 * limit is dropped, oldest first, and counted. Knows no network.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** `held`: of a report that could not be written to the disk, until it is sent or the server stops. */
export type Waiting = { name: string; bytes: number; held: Buffer | null };

const suffix = '.report.gz';
/** Reports that wait in memory while the disk takes none. */
const heldAtMost = 30;
/** Refused reports that are kept for whoever wants to know why. */
const refusedKept = 10;

const counts = z.object({ dropped: z.int(), refused: z.int() });

export class ReportBuffer {
  readonly #dir: string;
  readonly #limitBytes: number;
  readonly #waiting: Waiting[];
  #counts: z.infer<typeof counts>;
  #bytes: number;
  /** Why the disk takes no reports; null while it does. */
  failure: string | null = null;

  /** Takes up what was left there, whatever ended the process. */
  constructor(dir: string, limitBytes: number) {
    this.#dir = dir;
    this.#limitBytes = limitBytes;
    mkdirSync(join(dir, 'refused'), { recursive: true, mode: 0o700 });
    const files = readdirSync(dir);
    for (const file of files) if (file.endsWith('.tmp')) rmSync(join(dir, file));
    this.#waiting = files
      .filter((file) => file.endsWith(suffix))
      .sort()
      .map((name) => ({ name, bytes: statSync(join(dir, name)).size, held: null }));
    this.#bytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#counts = readCounts(join(dir, 'counts.json'));
  }

  get count(): number {
    return this.#waiting.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get dropped(): number {
    return this.#counts.dropped;
  }

  get refused(): number {
    return this.#counts.refused;
  }

  get first(): Waiting | null {
    return this.#waiting[0] ?? null;
  }

  get newestName(): string | null {
    return this.#waiting.at(-1)?.name ?? null;
  }

  /**
   * @param name sorts after all before it
   * @param from the same report in the buffer of another endpoint: stored once
   */
  async put(name: string, body: Buffer, from: ReportBuffer | null = null): Promise<void> {
    const file = `${name}${suffix}`;
    await this.#makeRoom(body.length);
    if (body.length > this.#limitBytes) return this.#count({ dropped: 1 });
    let held: Buffer | null = null;
    try {
      await this.#write(file, body, from);
      this.failure = null;
    } catch (error) {
      held = body;
      this.failure = error instanceof Error ? error.message : String(error);
    }
    this.#waiting.push({ name: file, bytes: body.length, held });
    this.#bytes += body.length;
    if (held && this.#waiting.filter((one) => one.held).length > heldAtMost) await this.#drop();
  }

  /** Null: it cannot be read, and has no future. */
  read({ name, held }: Waiting): Promise<Buffer | null> {
    return held ? Promise.resolve(held) : readFile(join(this.#dir, name)).catch(() => null);
  }

  /** It was taken. */
  async done(one: Waiting): Promise<void> {
    this.#remove(one);
    await rm(join(this.#dir, one.name), { force: true });
  }

  /** It will never be taken: out of the way of the others, and counted. */
  async giveUp(one: Waiting): Promise<void> {
    this.#remove(one);
    const folder = join(this.#dir, 'refused');
    if (!one.held) await rename(join(this.#dir, one.name), join(folder, one.name)).catch(() => undefined);
    const old = readdirSync(folder).sort().slice(0, -refusedKept);
    for (const name of old) await rm(join(folder, name), { force: true });
    await this.#count({ refused: 1 });
  }

  async #makeRoom(bytes: number): Promise<void> {
    while (this.#waiting.length > 0 && this.#bytes + bytes > this.#limitBytes) await this.#drop();
  }

  async #drop(): Promise<void> {
    const [oldest] = this.#waiting;
    if (!oldest) return;
    await this.done(oldest);
    await this.#count({ dropped: 1 });
  }

  #remove(one: Waiting): void {
    const at = this.#waiting.indexOf(one);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    this.#bytes -= one.bytes;
  }

  async #write(file: string, body: Buffer, from: ReportBuffer | null): Promise<void> {
    const path = join(this.#dir, file);
    if (from) {
      const linked = await link(join(from.#dir, file), path).then(
        () => true,
        // Some file systems have no links: then it is written twice.
        () => false,
      );
      if (linked) return syncFolder(this.#dir);
    }
    await writeThrough(path, body);
    await syncFolder(this.#dir);
  }

  async #count(more: { dropped?: number; refused?: number }): Promise<void> {
    const { dropped, refused } = this.#counts;
    this.#counts = { dropped: dropped + (more.dropped ?? 0), refused: refused + (more.refused ?? 0) };
    const text = Buffer.from(JSON.stringify(this.#counts));
    // A disk that takes nothing must not keep reports from being sent: the count goes on in memory.
    await writeThrough(join(this.#dir, 'counts.json'), text).catch((error: unknown) => {
      this.failure = error instanceof Error ? error.message : String(error);
    });
  }
}

/** Whole or not at all, also after a power cut. */
async function writeThrough(path: string, body: Buffer): Promise<void> {
  const temporary = `${path}.tmp`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(body);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
}

/** The name is on the disk, too. */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function readCounts(file: string): z.infer<typeof counts> {
  try {
    return counts.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Never counted yet, or cut short by a power cut: it begins anew, as counters may.
    return { dropped: 0, refused: 0 };
  }
}
