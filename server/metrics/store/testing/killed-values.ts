// What the process that a test kills records, so that the test knows it.
export const groupsToKill = Array.from({ length: 400 }, (_, i) => `g${i}`);
export const valueToKill = (atMs: number, i: number): number => ((atMs / 60_000) * (i + 7)) % 10_007;
