// Every interval of the console, by name and with its unit. No literals elsewhere.

/** How often an open page asks for the latest snapshot. */
export const SNAPSHOT_POLL_MS = 2_000;
/** Consoles report to a hub once a minute or so. */
export const HUB_POLL_MS = 10_000;
/** Three missed snapshots and some slack: numbers older than this are called stale. */
export const STALE_AFTER_MS = 8_000;
/** What is observed of clusters is swept every 10 s: asking more often than this finds nothing newer. */
export const OBSERVED_POLL_MS = 4_000;
/** Charts of the last hour or less grow by one tick of 10 s; longer ones by a point of theirs, at most this often. */
export const HISTORY_POLL_MS = 10_000;
/** A cluster's list of topics changes seldom and is read from the brokers. */
export const TOPICS_FRESH_MS = 30_000;
/** Configs of a topic are read when its page is opened or somebody asks, and by sweeps every few minutes. */
export const CONFIGS_STALE_AFTER_MS = 600_000;
/** Ages are told again this often. */
export const CLOCK_TICK_MS = 1_000;
/** Pause in typing after which a filter is applied. */
export const FILTER_PAUSE_MS = 200;
/** The second key of a two-key shortcut must follow within this time. */
export const SHORTCUT_PAUSE_MS = 1_200;
/** A request without an answer is given up after this; checks and previews talk to brokers and get longer. */
export const REQUEST_LIMIT_MS = 10_000;
export const BROKER_REQUEST_LIMIT_MS = 120_000;
/** Rights change seldom; the server checks them at every request anyway. */
export const ME_POLL_MS = 10_000;
/** People, keys and requests for approval: somebody else may be changing them. */
export const SETTINGS_POLL_MS = 5_000;
/** A promote or failover that has been at one step for longer is a problem on the overview. */
export const OPERATION_WAITS_LONG_MS = 60_000;
/** Alerts change with each look at the numbers, every 10 s; what a person does to one should show sooner. */
export const ALERTS_POLL_MS = 5_000;
/** Rules are judged every 10 s. */
export const RULES_POLL_MS = 10_000;
/** Rules that were judged longer ago than three looks are stale. */
export const JUDGED_STALE_AFTER_MS = 35_000;
/** On a hub they are judged as reports come: three minutes without any is stale. */
export const HUB_JUDGED_STALE_AFTER_MS = 190_000;
/** A test waits for the receiver, which may be slow to answer or to refuse. */
export const CHANNEL_TEST_LIMIT_MS = 60_000;
