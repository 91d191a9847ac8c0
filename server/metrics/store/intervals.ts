// Every interval, limit and size of the history of metrics, with its unit.

export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
/** A pause longer than this many ticks is a gap in a chart. */
export const gapAfterTicks = 2.5;

/** An hour at one tick a second, and some: a part is closed then, whatever the clock says. */
export const ticksPerPart = 4_096;
/** Upkeep works this long, then lets ticks and questions through. */
export const sliceMs = 8;
/** Series of one slice, at most: what one transaction writes. */
export const sliceSeries = 256;
/** Rows of ticks of one slice: some are 100 kB. */
export const sliceHeads = 16;
/** Pause between slices: upkeep takes a quarter of a core at most. */
export const slicePauseMs = 20;

/** Series with samples in one hour. Further ones are refused. */
export const defaultMaxSeries = 50_000;
/** Series that are remembered for the sake of old samples, as a multiple of those of an hour. */
export const rememberedSeriesFactor = 4;

export const defaultRetentionDays = 7;
export const defaultRollUpDays = 90;

export const defaultSeriesLimit = 8;
export const maxSeriesLimit = 100;
/** Series that one question decodes: for an aggregate, or to find the highest. */
export const seriesDecodedAtOnce = 500;

/** Series whose newest sample one question looks for. */
export const seriesLookedAt = 5_000;

export const pageBytes = 8_192;
/** Given back to the disk at once. */
export const vacuumPages = 128;
export const defaultCacheBytes = 4 * 1024 * 1024;
/** Of each file of a hub: there are hundreds. */
export const shardCacheBytes = 512 * 1024;
/** Files that a hub has open at a time: three handles each. */
export const openShards = 100;
/** What the write-ahead log gathers before it is written to its places. */
export const walCheckpointBytes = 4 * 1024 * 1024;
export const busyTimeoutMs = 2_000;
/** The write-ahead log is cut to this after a checkpoint. */
export const walLimitBytes = 8 * 1024 * 1024;
/** How often it is looked whether the limit is reached. */
export const limitCheckTicks = 30;
/** A file that cannot be opened is tried again after this. */
export const reopenAfterMs = 30_000;
