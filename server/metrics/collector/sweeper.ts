/**
 * Sweeps one cluster: who is there, where logs begin, what groups have committed, where logs end, in this order, so that no lag is negative and no
 * loss is counted that a later commit would have taken back. What nobody waits for is asked beside. Keeps what comparisons need.
 */
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { SweepProgress } from '@/lib/contracts/monitoring/cluster-summary';
import { sweepPart } from '@/lib/contracts/monitoring/seen';
import type { TopicConfigsView } from '@/lib/contracts/monitoring/topics';
import { clientFor, wireSecurity } from '@/server/kafka/security';
import { KafkaError } from '@/server/kafka/wire/errors';
import type { Log } from '@/server/log';
import { askLeaders, EARLIEST, type End, HIGH_WATERMARK, LAST_STABLE, ledBy } from './ask-ends';
import { ClientCertificate } from './certificate';
import { compare } from './compare';
import { ConfigMemory } from './configs';
import { Credentials, type Ending } from './credentials';
import { finish } from './finish';
import { Gaps } from './gaps';
import { GroupMemory } from './group-memory';
import { GroupSteps } from './group-steps';
import { askHeld, heldPartitions } from './held';
import { BrokerLane } from './lane';
import {
  connectTimeoutMs,
  greetingLimitMs,
  metadataTimeoutMs,
  requestTimeoutMs,
  stepLimitMs,
  sweepLimitMs,
} from './limits';
import { OffsetHistory } from './offset-history';
import { peekRecords } from './peeks';
import { RecordTimes } from './record-times';
import type { Memory, Run } from './run';
import { shapeOf } from './shape';
import { askSides } from './sides';
import { Sizes } from './sizes';
import { type Asked, step } from './step';
import type { ClusterSweep } from './sweep';
import { readTopicConfigs } from './topic-configs';
import { unreachable } from './unreachable';
import { LeaderMoves, noteUnsettled } from './unsettled';

const CLIENT_ID = 'landbridge-monitor';

export class ClusterSweeper {
  #config: ClusterConfig;
  readonly #memory: Memory;
  readonly #log: Log;
  readonly #now: () => number;
  #certificate: ClientCertificate;
  #credentials: Credentials;
  #runningSinceMs: number | null = null;
  #trouble: string | null = null;

  /** @param keepsHighWatermarks over the last hour: no lag takes them */
  constructor(config: ClusterConfig, log: Log, now: () => number = Date.now, keepsHighWatermarks = true) {
    this.#config = config;
    this.#log = log;
    this.#now = now;
    this.#certificate = new ClientCertificate(config);
    this.#credentials = new Credentials(config);
    const client = clientFor(config, CLIENT_ID, { connectTimeoutMs, requestTimeoutMs });
    const [history, times] = [new OffsetHistory(keepsHighWatermarks), new RecordTimes()];
    this.#memory = {
      ...{ client, history, times, lanes: new Map(), groups: new GroupMemory(history, times) },
      ...{ sizes: new Sizes(), configs: new ConfigMemory(), everTold: new Set() },
      moves: new LeaderMoves(),
      ...{
        sweeps: 0,
        uncleanElections: 0,
        leaderChanges: 0,
        last: null,
        quorum: null,
        clientCertificateExpiresMs: null,
      },
    };
  }

  get config(): ClusterConfig {
    return this.#config;
  }
  get last(): ClusterSweep | null {
    return this.#memory.last;
  }
  get history(): OffsetHistory {
    return this.#memory.history;
  }
  /** Nobody answered the last sweep. */
  get trouble(): string | null {
    return this.#trouble;
  }
  /** When what we sign in with is over; known also while nobody answers. */
  endings(nowMs: number): { clientCertificateMs: number | null; credentials: Ending[] } {
    const clientCertificateMs = this.#memory.clientCertificateExpiresMs;
    return { clientCertificateMs, credentials: this.#credentials.endings(nowMs) };
  }
  get progress(): SweepProgress {
    const { last, sweeps } = this.#memory;
    return {
      cluster: this.#config.name,
      runningSinceMs: this.#runningSinceMs,
      lastAtMs: last?.atMs ?? null,
      lastTookMs: last?.tookMs ?? null,
      complete: last?.complete ?? null,
      sweeps,
      trouble: this.#trouble,
    };
  }

  /** One sweep; never two at a time. Errors of brokers end up in what it has seen. */
  async sweep(intervalMs: number): Promise<void> {
    const began = performance.now();
    this.#runningSinceMs = this.#now();
    try {
      await this.#sweep(intervalMs, () => performance.now() - began);
    } finally {
      this.#runningSinceMs = null;
    }
    await peekRecords(this.#memory, this.#now);
  }

  async #sweep(intervalMs: number, elapsedMs: () => number): Promise<void> {
    const memory = this.#memory;
    memory.clientCertificateExpiresMs = await this.#certificate.expiresMs(this.#now());
    this.#credentials.look();
    const run = await this.#begin(elapsedMs);
    if (run === null) {
      memory.last = unreachable(memory, this.#trouble ?? '', this.#now());
      return;
    }
    memory.moves.look(run.shape, memory.last, performance.now());
    noteUnsettled(run);
    const groups = new GroupSteps(run);
    const { sides, asked } = askSides(run);
    const led = ledBy(run.shape);
    const left = (limitMs: number) => Math.min(limitMs, sweepLimitMs - elapsedMs());
    const { start, lastStable, highWatermark } = run.shape.partitions;
    await step([...askLeaders(run, led, [[EARLIEST, start]]), ...groups.list()], left(stepLimitMs));
    const members = groups.members();
    await step(groups.commits(), left(stepLimitMs));
    const atMs = this.#now();
    // The last stable offset is read last: what a producer appends between the two is not held back by anybody.
    const ends: End[] = [
      [HIGH_WATERMARK, highWatermark],
      [LAST_STABLE, lastStable],
    ];
    await step(askLeaders(run, led, ends), left(stepLimitMs));
    const elections = compare(run.shape, atMs, memory.last);
    memory.leaderChanges += elections.leaderChanges;
    memory.uncleanElections += elections.uncleanElections;
    const found = heldPartitions(run);
    const held = askHeld(run, found);
    await step([...asked, ...members, ...held.asked, ...run.lanes.map(answering(run))], left(sweepLimitMs));
    await step(
      run.lanes.filter(({ suspect, reachable }) => suspect && reachable).map(askedAgain(run)),
      greetingLimitMs,
    );
    memory.sweeps++;
    const told = { sides, groups: groups.told(), groupsToldBy: groups.toldBy };
    const ofHeld = { held: held.seen(), heldWhole: found.whole };
    memory.last = await finish(run, { cluster: this.#config.name, atMs, intervalMs, ...told, ...ofHeld });
    for (const part of sweepPart.options)
      if (!memory.last.gaps.some(({ what, failure }) => what === part && failure)) memory.everTold.add(part);
  }

  /** @returns null when nobody answers */
  async #begin(elapsedMs: () => number): Promise<Run | null> {
    const memory = this.#memory;
    const now = this.#now;
    const { client, lanes } = memory;
    await this.#greet();
    const avoid = new Set([...lanes.values()].filter((lane) => lane.suspect).map(({ id }) => id));
    try {
      const answer = await client.clusterMetadata({ avoid, timeoutMs: metadataTimeoutMs });
      if (this.#trouble !== null) this.#log('info', `Cluster ${this.#config.name} answers again`);
      this.#trouble = null;
      const inService = answer.brokers.map((address) => {
        const lane = lanes.get(address.id) ?? new BrokerLane(address.id, client);
        lanes.set(address.id, lane);
        lane.address = address;
        if (!lane.inService) void lane.probe(now);
        lane.inService = true;
        return lane;
      });
      for (const lane of lanes.values()) if (!inService.includes(lane)) lane.leftService(now());
      const { clusterId, controllerId } = answer;
      const gaps = new Gaps();
      for (const name of memory.times.unreadable(now())) gaps.unreadable(name);
      return {
        memory,
        gaps,
        shape: shapeOf(answer),
        clusterId,
        controllerId,
        lanes: inService,
        now,
        elapsedMs,
      };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      if (this.#trouble === null) this.#log('warn', `Cluster ${this.#config.name} cannot be swept`, error);
      this.#trouble = `${error.message}.`;
      return null;
    }
  }

  /** Whoever is known is asked a small question first: one that hangs now is asked last for metadata, and not waited for. */
  async #greet(): Promise<void> {
    const known = [...this.#memory.lanes.values()].filter((lane) => lane.inService);
    const asked = known.map((lane): Asked => {
      const waitedFor = !lane.suspect;
      const late = () => {
        lane.suspect = true;
      };
      return { waitedFor, late, work: lane.probe(this.#now).then(() => () => {}) };
    });
    await step(asked, greetingLimitMs);
  }

  /** All configs of one topic, read now, beside any sweep. Null: the cluster knows no such topic. @throws KafkaError in words for people */
  topicConfigs(topic: string): Promise<TopicConfigsView | null> {
    const { client, lanes } = this.#memory;
    const inService = [...lanes.values()].filter((lane) => lane.inService);
    return readTopicConfigs({ client, lanes: inService, topic, now: this.#now });
  }

  /** Signs in with other credentials from now on; what was seen is kept. A broker that refuses them says so in the next sweep. */
  async signInWith(config: ClusterConfig): Promise<void> {
    this.#config = config;
    this.#certificate = new ClientCertificate(config);
    this.#credentials = new Credentials(config);
    try {
      await this.#memory.client.replaceSecurity(wireSecurity(config));
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      this.#log('warn', `Cluster ${config.name} does not take its new credentials everywhere`, error);
    }
  }

  close(): void {
    this.#memory.client.close();
  }
}

/** Who answered at first and was late with something is asked a small question again: it may hang since. */
const askedAgain =
  (run: Run) =>
  (lane: BrokerLane): Asked => {
    void lane.probe(run.now);
    return { ...answering(run)(lane), waitedFor: true };
  };

/** By the end of a sweep every broker in service has answered a small question, or counts as not reachable. */
const answering =
  (run: Run) =>
  (lane: BrokerLane): Asked => ({
    waitedFor: !lane.suspect,
    work: lane.answered().then(() => () => {}),
    late: () => lane.is(false, `${run.memory.client.where(lane.id)} does not answer.`, run.now()),
  });
