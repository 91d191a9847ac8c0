// Every size, limit and interval of the link engine, with its unit and its reason. Settings that an operator can change are in lib/contracts/link.ts.

/** Longest wait of a fetch at the source when nothing is new. */
export const FETCH_WAIT_MS = 500;
/** A fetch is answered after its own wait at the latest: unanswered for this long, what the broker holds is not known any more. */
export const FETCH_SILENT_MS = 5_000;
/** A follower that leaves a fetch unanswered for this long is left, and its leader read. */
export const FOLLOWER_SILENT_MS = 2_500;
/** The same where it answers, and for so long shows nothing of what its leader has. */
export const FOLLOWER_BEHIND_MS = 2_000;
/** A look at mirrors waits this long for the ends of sources whose records come from followers: lag is of one moment. */
export const LEADER_ENDS_WAIT_MS = 250;
/** Upper limit of one fetch response; a slab class minus room for framing, so that a full answer fits one slab. */
export const FETCH_SLAB_BYTES = 4 * 1024 * 1024;
export const FETCH_MAX_BYTES = FETCH_SLAB_BYTES - 128 * 1024;
/** Limits of one partition's share of a fetch response. */
export const FETCH_PARTITION_MIN_BYTES = 64 * 1024;
export const FETCH_PARTITION_MAX_BYTES = 1024 * 1024;

/** What all partitions of a broker may have waiting, not yet sent, in full fetches: the next one is asked for at half of it. */
export const QUEUE_AHEAD_FETCHES = 2;
/** A partition may always have this much waiting. */
export const QUEUE_MIN_BYTES = 256 * 1024;
/** The memory for queues is divided by the number of partitions, up to this: rarely are more of them behind at once. */
export const QUEUE_SHARES = 256;

/** Produce requests in flight per destination broker; 32 and 64 stayed exact on real brokers. */
export const PRODUCE_IN_FLIGHT = 32;
/** With more than this many in flight the broker has enough to do, and what is ready gathers. */
export const PRODUCE_REFILL_AT = 16;
/** Payload of one Produce request; a single larger batch goes alone. */
export const PRODUCE_MAX_BYTES = 1024 * 1024;
/** Under a quota, requests are made so large that the broker holds us back for about this long after each. */
export const THROTTLE_AIM_MS = 1_000;
/** How long a broker may take to answer a Produce request or to write markers. */
export const PRODUCE_TIMEOUT_MS = 20_000;
export const MARKERS_TIMEOUT_MS = 30_000;
/** Markers in one request: 20,000 were appended in one on real brokers. */
export const MARKERS_PER_REQUEST = 20_000;

/** After the limit of a mirror topic was raised: how soon a batch is tried again, and how long brokers may take to follow. */
export const LIMIT_TRY_MS = 250;
export const LIMIT_TAKES_EFFECT_MS = 15_000;

/** No check of a link takes this long: its scratch topic is left over. Clocks may differ by some minutes. */
export const SCRATCH_STALE_MS = 15 * 60_000;
/** After its start, a link looks for scratch topics that others have left at its destination. */
export const SCRATCH_LOOK_DELAY_MS = 10_000;

/** Transactional ids that fill side by side where markers may not be written; each has a connection of its own. */
export const FILL_TRANSACTIONS = 12;
/** As many of them are left to the other brokers of a destination: one that goes down holds its own for half a minute. */
export const FILL_TRANSACTIONS_FOR_OTHERS = 4;
/** How long the broker waits for the end of a fill transaction before it aborts it: its engine is gone then. */
export const FILL_TRANSACTION_TIMEOUT_MS = 10_000;
/** How long one step of a fill transaction may take before its fate counts as unknown. */
export const FILL_TIMEOUT_MS = 30_000;
/** While markers may not be written, it is tried this often whether they may be by now. */
export const MARKER_RIGHT_PROBE_MS = 30_000;

/** Records of one filler batch: 58 KB with zstd. */
export const FILLER_RECORDS = 100_000;
/** Filler batches in flight per partition while a head is filled. */
export const FILLER_IN_FLIGHT = 8;
/** Above this, a gap in the middle is filled with fillers and deleted again where that is possible (the source's start has passed it). */
export const MARKER_GAP_LIMIT = 2_000_000n;

/** A mirror's log end, high watermark and start are looked at this often. */
export const WATERMARK_SWEEP_MS = 1_000;
/** Source ends of partitions that the fetch session doesn't tell about are asked this often. */
export const SOURCE_SWEEP_MS = 2_000;
/** A source that shows no records in front of its end is told after this long. */
export const EMPTY_SAID_MS = 10_000;
/** A source whose metadata is older than its interval and this is not known to be as it was. */
export const SOURCE_FRESH_MARGIN_MS = 5_000;
/** Two looks at a partition before a resume must agree; this long apart. */
export const STABLE_LOOK_MS = 20;
/** Between attempts to recover a partition. */
export const RECOVERY_BACKOFF_FIRST_MS = 100;
export const RECOVERY_BACKOFF_MAX_MS = 5_000;

/** How often the coordinator is asked whether our epoch is still the newest, and how long its answer holds. */
export const OWNERSHIP_CHECK_MS = 3_000;
export const OWNERSHIP_VALID_MS = 10_000;
/** The transactional id is touched this often, so that the coordinator doesn't forget it (transactional.id.expiration.ms, 7 days). */
export const IDENTITY_TOUCH_MS = 24 * 60 * 60 * 1000;

/**
 * How long requests of an engine that died may still be appended: replica.lag.time.max.ms (30 s) plus a request's time limit.
 * Until then nothing is appended that its sequence number doesn't protect.
 */
export const UNKNOWN_FATE_WAIT_MS = 40_000;
/** How long we wait for a broker to close a half-closed connection. */
export const HALF_CLOSE_WAIT_MS = 10_000;

/** producer.id.expiration.ms of a broker that doesn't tell: Kafka's default of a day. */
export const PRODUCER_EXPIRATION_MS = 86_400_000;
/** The guard is taken for lapsed this much earlier, for clocks that differ. */
export const GUARD_MARGIN = 0.9;

/** Memory held by stalled queues is looked at, and the states that operators see are derived, this often. */
export const MEMORY_RELIEF_MS = 500;
export const STATE_UPDATE_MS = 1_000;
/** Whether a task of the link is due is looked at this often. */
export const TASK_TICK_MS = 500;
/** Failed mirrors waiting for a right or a broker are tried again this often. */
export const RETRY_MS = 10_000;
/** What was last seen of the sources is looked through this often, for what has to be stored of it. */
export const ADVICE_MS = 10_000;
/** A state snapshot leaves the engine this often. */
export const SNAPSHOT_MS = 1_000;
/** On SIGTERM, what is in flight may settle for this long. */
export const STOP_SETTLE_MS = 3_500;
/** Latency samples older than this don't count. */
export const LATENCY_WINDOW_MS = 60_000;
/** A queue without progress for this long gives its memory back when readers wait for it, and isn't filled again before it moves. */
export const STALLED_QUEUE_MS = 1_000;

/** What verification reads of each side at once: in the background, in a sweep that a person waits for, and at a place chosen at random. */
export const VERIFY_PAGE_BYTES = 256 * 1024;
export const VERIFY_SWEEP_PAGE_BYTES = 1024 * 1024;
export const VERIFY_SAMPLE_BYTES = 64 * 1024;
/** Nothing to verify: looked again after this long. */
export const VERIFY_IDLE_MS = 250;
/** Looks at what seems to differ are this far apart; three must agree. */
export const VERIFY_LOOK_MS = 1_000;
/** What was verified is told to the store this often. */
export const VERIFY_STORE_MS = 5_000;
/** A partition that could not be compared is left alone for so long, doubling. */
export const VERIFY_BACKOFF_FIRST_MS = 500;
export const VERIFY_BACKOFF_MAX_MS = 60_000;
/** The link's throughput is measured over this long. */
export const VERIFY_THROUGHPUT_MS = 2_000;
/** What a report of a difference reads and lists at most. */
export const VERIFY_REPORT_PAGES = 8;
export const VERIFY_REPORT_RECORDS = 1_000;
/** Offsets that don't change are committed again this often: brokers forget them by the time of their commit (offsets.retention.minutes, 7 days). */
export const OFFSET_RENEW_MS = 24 * 60 * 60 * 1000;
