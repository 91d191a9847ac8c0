// How the server's process takes memory back from C's allocator. Read by glibc at the process's start, and by nobody else.

/**
 * What is freed at the end of a heap goes back to the system from 128 KiB on: glibc's default, which it otherwise raises by itself, up to 64 MiB, after the first large
 * block. Without it up to nine tenths of what `malloc` held were blocks that nobody used (docs/decisions/0023-memory-given-back.md).
 */
export const allocatorSettings = { MALLOC_TRIM_THRESHOLD_: '131072' };
