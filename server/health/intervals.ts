// Every interval and limit of health rules, alerts and their delivery, with its unit, in one place.

/** How long an alert waits for a cause that is about to be raised, so that one message is sent and not two. */
export const causeWaitMs = 300_000;
/** What is still raised so long after its cause was cleared has a reason of its own, and is sent. */
export const orphanWaitMs = 300_000;
/** What was raised before a restart and not told yet is told when it is seen again; or after this, when it is not. */
export const restartWaitMs = 120_000;
/** Alerts of one rule and cluster that are sent one by one; those behind them are listed under the first. */
export const stormAlerts = 10;
/** Alerts of one console of a hub that are open at a time; further ones are raised when there is room. */
export const alertsPerConsole = 2_000;
/** Names that an alert lists of what it affects. */
export const affectedItems = 100;

/** Messages that are due are looked for this often, and what only time changes (silences, repeats) that often. */
export const pumpIntervalMs = 1_000;
export const reviewIntervalMs = 10_000;
export const pruneIntervalMs = 3_600_000;

export const clearedAlertsKept = 100_000;
export const clearedAlertsKeptMs = 400 * 86_400_000;
export const deliveriesKept = 50_000;
export const deliveriesKeptMs = 90 * 86_400_000;

/** One attempt: connection, request and answer. */
export const sendTimeoutMs = 10_000;
export const sendAnswerMaxBytes = 65_536;
/** Between attempts at one message; doubled each time. */
export const retryFirstMs = 2_000;
export const retryMaxMs = 600_000;
/** Between messages of a channel that has just failed; doubled each time it fails again. */
export const channelPauseFirstMs = 1_000;
export const channelPauseMaxMs = 60_000;
/** Share of a pause that is random, so that many consoles do not try in step. */
export const retryJitter = 0.3;
/** A message that nobody has taken for so long, and at so many attempts, is given up: this server may have been away itself, or its clock wrong. */
export const giveUpAfterMs = 86_400_000;
export const giveUpAttempts = 20;
/** What the other side refuses as such is tried this often. */
export const refusedAttempts = 5;
/** At a stop, a message under way may take this long; it is sent again otherwise. */
export const outboxStopLimitMs = 1_500;
