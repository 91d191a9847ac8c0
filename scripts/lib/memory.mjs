// How the server's process gives memory back that nobody uses. Read at the process's start (docs/decisions/0023-memory-given-back.md).

/**
 * What is freed at the end of a heap goes back to the system from 128 KiB on: glibc's default, which it otherwise raises by itself, up to 64 MiB, after the first large
 * block. Without it up to nine tenths of what `malloc` held were blocks that nobody used. Other C libraries don't read it.
 */
export const memoryEnvironment = { MALLOC_TRIM_THRESHOLD_: '131072' };

/** In reduced mode the data thread says when its leftovers are worth a collection (server/monitoring/leftovers.ts). */
export const memoryArguments = ['--expose-gc'];
