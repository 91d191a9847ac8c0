// One of the two that copy: our engine, or MirrorMaker 2. The bench asks no more of either than this.
export type Side = {
  pid: number;
  /** performance.now() at its start. */
  startedMs: number;
  mirrorTopic: string;
  logFile: string;
  running(): boolean;
  stop(): Promise<void>;
};

export function failureOf(side: Side): () => string | null {
  return () => (side.running() ? null : `Process ${side.pid} ended by itself; see ${side.logFile}.`);
}
