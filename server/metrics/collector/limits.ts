// Every interval, limit and size of the collector, with its unit, in one place.

export const connectTimeoutMs = 4_000;
/** Brokers that are known have this long for the first small question of a sweep. */
export const greetingLimitMs = 2_000;
/** A broker is waited for this long in each step of a sweep; whoever was silent the last time is not waited for. */
export const stepLimitMs = 5_000;
/** The quorum is asked about through others for this long while its leader is silent. */
export const silentLeaderLimitMs = 1_000;
/** What may be late (disks, configs, members) is waited for until the sweep has taken this long. */
export const sweepLimitMs = 8_000;
/** Who has become leader of groups or transactions leaves out without a word what it has not read yet: after this it has, or says that it is reading. */
export const coordinatorReadsMs = 5_000;
/** A request that is not answered after this takes its connection with it. */
export const requestTimeoutMs = 15_000;
export const metadataTimeoutMs = 4_000;

/** Partitions a ListOffsets request: the answer is read in a few ms, and the broker serves others between two. */
export const partitionsARequest = 4_000;
export const groupsARequest = 100;
export const topicsAConfigRequest = 250;
export const transactionsARequest = 200;

/** Clusters above this have their disks read each sixth sweep only. */
export const smallClusterPartitions = 2_000;
export const logDirsEverySweeps = 6;
/** What a broker told of its disks longer ago than this is not known any more. */
export const logDirsKeptMs = 10 * 60_000;
export const topicConfigsEveryMs = 5 * 60_000;
/** Somebody waits for all configs of one topic: a broker has this long to tell them, then the next is asked; all together have no longer than that. */
export const oneTopicsConfigsLimitMs = 5_000;
export const oneTopicsConfigsTotalMs = 12_000;
/** Largest replicas that are named of a broker. */
export const largestReplicasKept = 50;

/** Ends of logs are kept of each sweep for the last ten minutes, then one a minute for the rest of the hour. */
export const fineSamples = 60;
export const coarseSamples = 60;
export const coarseEveryMs = 60_000;
export const offsetsKeptMs = 60 * 60_000;
/** A sweep may be this much early: timers are not exact. */
export const earlyMs = 5_000;

/** A group stands still, or falls behind, when it has done so over this many sweeps (Burrow's window). */
export const windowSamples = 10;
/** Rates of commits are smoothed over about this long. */
export const rateSmoothingMs = 60_000;
/** Groups that no broker lists any more are forgotten after this. */
export const groupKeptMs = 10 * 60_000;

/** Partitions whose next record has its time read after a sweep, in one small fetch a leader. */
export const peeksASweep = 40;
export const peekMaxBytes = 16_384;
export const peekAllBytes = 1_048_576;
export const peekLimitMs = 1_500;
/** The time of another record of the same partition is read after this. */
export const peekAgainMs = 60_000;
/** A topic that may not be read is not asked for again before this. */
export const peekRefusedMs = 10 * 60_000;
/** Times of records that are kept of a partition. */
export const anchorsKept = 8;

/** Partitions that an open transaction holds back and whose producer is asked for in a sweep. */
export const heldAsked = 50;

/** At most so many partitions, and pairs of group and partition, of a cluster have series of their own; others come in at the second rank. */
export const worstPartitions = 200;
export const worstComeUpTo = 150;
/** The same of topics: those with the most going in, then the largest. */
export const seriesTopics = 500;
export const seriesTopicsComeUpTo = 400;

/** A token that could not be renewed for less than this is no trouble yet: it is tried again with each sweep. */
export const renewalPatienceMs = 60_000;
/** TLS connections are made anew after this, so that a renewed certificate of a broker is seen. */
export const certificateLookMs = 60 * 60_000;
/** A sweep that is older than this many intervals tells nothing of the present. */
export const staleAfterIntervals = 3;
