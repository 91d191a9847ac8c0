// Every interval, limit and size of the web thread, with its unit, in one place. The engine has its own.

/** The engine reports a heartbeat each second; after this long without one its numbers are no longer current. */
export const engineSilentAfterMs = 5_000;
/** A silent engine gets this much longer to come back before it is ended and started again. */
export const engineRestartAfterSilentMs = 15_000;
/** From the start of the thread to its first heartbeat. */
export const engineStartLimitMs = 30_000;
export const engineWatchIntervalMs = 1_000;
export const engineRestartFirstDelayMs = 500;
export const engineRestartMaxDelayMs = 30_000;
/** An engine that has run this long starts its back-off anew. */
export const engineHealthyAfterMs = 60_000;
/** Share of the restart delay that is random, so that several servers do not restart in step. */
export const engineRestartJitter = 0.2;

export const probeTimeoutMs = 20_000;
export const listTopicsTimeoutMs = 20_000;
export const checkLinkTimeoutMs = 60_000;
export const checkMirrorsTimeoutMs = 60_000;
export const produceRecordTimeoutMs = 20_000;
export const runTaskTimeoutMs = 120_000;
export const aclsTimeoutMs = 30_000;
/** Topics that one request deletes: the first waits until every broker has forgotten it, and so do the others meanwhile. */
export const topicsDeletedAtOnce = 100;
export const deleteTopicsTimeoutMs = 300_000;
/** A topic that could not be deleted is tried again after this. */
export const topicDeletionRetryMs = 5_000;
/** Whoever has asked for a deletion is answered by then; what is not done goes on. */
export const topicDeletionWaitMs = 20_000;
export const checkAgainTimeoutMs = 10_000;
/** Looks at topics before they are deleted: both sides are read, and counting ends in time. */
export const topicLookTimeoutMs = 45_000;

/** Those that a test may be given shorter ones of, with the runtime that it starts. A mock of this module would come too late: test files share a process. */
export const usualTimes = { engineRestartMaxDelayMs, topicDeletionRetryMs, topicDeletionWaitMs };
export type Times = typeof usualTimes;

export const clusterProbeIntervalMs = 30_000;
export const clusterProbeConcurrency = 4;
export const topicCacheMs = 5_000;

/** On SIGTERM the engine may settle this long; the rest is left to its resume rule. */
export const engineStopLimitMs = 4_000;
/** A thread that is to be ended is in a call of its database this long at most. */
export const nativeCallLimitMs = 2_000;
/** Questions for consumer groups ask both clusters at most. */
export const groupsTimeoutMs = 20_000;
/** The whole stop, whatever hangs. */
export const stopLimitMs = 4_800;

/** Link events are written in groups: one fsync for a burst of them. */
export const eventFlushMs = 200;
export const linkEventsKept = 10_000;
export const linkEventsShown = 200;

/** Refusals are counted this long, then written as one row. */
export const auditRefusalsIntervalMs = 60_000;
/** How often the end of the audit chain is told outside the store, and its old rows are looked at. */
export const auditAnchorIntervalMs = 3_600_000;
/** At a stop, an anchor may take this long on its way to Kafka. */
export const auditAnchorStopLimitMs = 1_000;
/** Audit rows of what the engine does are gathered: at once when it is quiet, up to the longest time in a burst. */
export const auditEngineFirstDelayMs = 200;
export const auditEngineMaxDelayMs = 5_000;
/** Log starts that follow their source are gathered this long for one row. */
export const auditDeletionsDelayMs = 60_000;
/** Names that one row about many mirrors lists. */
export const auditEngineRowItems = 1_000;
/** Rows about the engine that wait while the store takes none. */
export const auditEngineRowsKept = 1_000;
/** Rows that a search of the audit log reads before others get their turn. */
export const auditSearchSlice = 10_000;
/** A search that has found too little by then answers with what it has, and where to go on. */
export const auditSearchLimitMs = 1_500;

/** Between two observations: sweeps of clusters, numbers of links, history, rules. */
export const observationIntervalMs = 10_000;
/** What a reduced console can draw, from memory. */
export const recentHistoryMs = 15 * 60_000;
/** Histories that a hub has open; each takes three handles and some memory. */
export const consolesOpenAtOnce = 600;
/** Between two reports of a console, as a hub takes them. */
export const reportIntervalMs = 60_000;
/** Questions to monitoring are answered from memory and disk. */
export const monitorTimeoutMs = 10_000;
/** On a hub large reports wait for each other: what is given up is read again. Below what a console waits for an answer (15 s). */
export const hubTimeoutMs = 14_000;
/** Where it asks brokers first: above `oneTopicsConfigsTotalMs` of the collector. */
export const brokersTimeoutMs = 20_000;
/** Series that nobody has asked for are forgotten after as many observations. */
export const seriesKeptRounds = 360;

export const requestBodyMaxBytes = 1_048_576;

/** Requests are counted in windows this long, so that a page may load many things at once. */
export const rateWindowMs = 5_000;
/** Of one console: enough to tell a day within minutes once the hub is back. */
export const reportsPerWindow = 50;
/** Of one console: 100,000 at the smallest interval of reports, 10 s. */
export const seriesPerMinute = 600_000;
/** What a console that was silent has saved up: more would only be a longer burst. */
export const seriesSavedUp = 100_000;
/** What a report costs besides its series, in series. */
export const seriesPerReportAtLeast = 1_000;
/** A name that is not known yet takes so many times the work of one that is. */
export const newSeriesCost = 10;
/** So long after a report was refused for it, a console is shown as over its budget. */
export const overBudgetToldMs = 600_000;
/** What one report can have at most. */
export const seriesPerReport = 200_000;
export const valuesPerReport = 7 * seriesPerReport;
export const columnsPerReport = 10_000;
export const wholePerReport = 10_000;
/** What is received more slowly than this has been given up by its sender. */
export const reportReadLimitMs = 30_000;
/** A report as it is sent, and as it is when it is unpacked. */
export const reportMaxBytes = 4_194_304;
export const reportMaxUnpackedBytes = 67_108_864;
/** Of one address without valid credentials. */
export const anonymousRequestsPerWindow = 100;

/** What is known of a session is read again after this; its end must hold within 2 s in every process. */
export const sessionCacheMs = 1_000;
/** How exactly the last use of a session is written down. */
export const sessionTouchEveryMs = 60_000;
export const sessionIdleLimitMs = 8 * 3_600_000;
export const sessionAbsoluteLimitMs = 7 * 86_400_000;
export const sessionsKeptAfterEndMs = 30 * 86_400_000;
export const oneTimeLinkLifetimeMs = 24 * 3_600_000;
/** Each request to an OpenID provider: its document, its keys, the token. */
export const oidcRequestLimitMs = 10_000;
export const signInBodyMaxBytes = 16_384;
export const accessCleanUpIntervalMs = 3_600_000;

/** How long a request waits for a second person, and a confirmed one for its use. */
export const approvalWaitMs = 3_600_000;
export const approvalUseMs = 900_000;
/** A sign-in older than this confirms nothing. */
export const freshSignInMs = 900_000;
/** Where nobody could vouch for an account: it counts as a second person after a weekend in which others may notice it. */
export const unvouchedWaitMs = 72 * 3_600_000;
export const approvalsShown = 200;
/** After they expired; the audit log has them for as long as it is kept. */
export const approvalsKeptMs = 90 * 86_400_000;
/** The last use of an API key is written down at most this often. */
export const apiKeyUseWrittenEveryMs = 60_000;
