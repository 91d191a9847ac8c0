// One step of a sweep: many brokers are asked at once, each on its own. It is over when all have answered that are waited for, or the limit has passed;
// what comes later counts no more.

export type Asked = {
  /** Who was silent the last time is not waited for: it counts if it answers while others are at work. */
  waitedFor: boolean;
  /** Resolves with what to do with the answer: done only while the step is open. */
  work: Promise<() => void>;
  /** The answer came too late, or is still to come. */
  late: () => void;
};

/** Waits no longer than this for the answer: then it is late. */
export function within(limitMs: number, asked: Asked): Asked {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<() => void>((resolve) => {
    timer = setTimeout(() => resolve(asked.late), limitMs);
  });
  const work = Promise.race([asked.work, tooLong]).finally(() => clearTimeout(timer));
  return { ...asked, work };
}

/** @throws what `work` is rejected with: errors of brokers are the caller's to turn into answers */
export async function step(asked: readonly Asked[], limitMs: number): Promise<void> {
  const open = new Set(asked);
  let failure: unknown = null;
  let over = false;
  const works = asked.map(async (one) => {
    try {
      const take = await one.work;
      if (over) return;
      open.delete(one);
      take();
    } catch (error) {
      open.delete(one);
      failure ??= error;
    }
  });
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, limitMs));
  });
  await Promise.race([Promise.all(works.filter((_, i) => asked[i]?.waitedFor)), limit]);
  clearTimeout(timer);
  over = true;
  if (failure) throw failure;
  for (const one of open) one.late();
}
