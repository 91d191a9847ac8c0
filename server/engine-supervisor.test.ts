import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineSupervisor } from './engine-supervisor';
import {
  checkLinkTimeoutMs,
  engineRestartAfterSilentMs,
  engineRestartMaxDelayMs,
  engineSilentAfterMs,
  engineStartLimitMs,
  engineStopLimitMs,
} from './intervals';
import { EngineMessages } from './testing/engine-messages';
import { restartDelayMs } from './threads/thread-supervisor';

const cluster = { name: 'west', bootstrapServers: ['west:1'], security: { protocol: 'PLAINTEXT' as const } };

let engine: EngineMessages;
let supervisor: EngineSupervisor;
let starts: number;

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
  });
  engine = new EngineMessages();
  starts = 0;
  supervisor = new EngineSupervisor({
    spawn: engine.spawn,
    log: () => undefined,
    listener: {
      onStart: async (post) => {
        starts++;
        post({ type: 'desired', links: [] });
      },
      onMessage: () => undefined,
    },
  });
});
afterEach(async () => {
  const stopped = supervisor.stop();
  await vi.advanceTimersByTimeAsync(engineStopLimitMs);
  await stopped;
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const beat = () => engine.say({ type: 'heartbeat', at: Date.now() });
async function passBeating(ms: number) {
  for (let at = 0; at < ms; at += 1_000) {
    await pass(1_000);
    beat();
  }
}

describe('the supervisor', () => {
  it('says STARTING, then RUNNING with the heartbeat, then SILENT without it, then RUNNING again', async () => {
    supervisor.start();
    expect(supervisor.status).toBe('STARTING');
    await passBeating(10_000);
    expect(supervisor.status).toBe('RUNNING');
    await pass(engineSilentAfterMs + 1_000);
    expect(supervisor.status).toBe('SILENT');
    beat();
    expect(supervisor.status).toBe('RUNNING');
    expect(engine.spawned).toBe(1);
  });

  it('ends an engine that stays silent and starts another, with the desired state first', async () => {
    supervisor.start();
    await passBeating(2_000);
    await pass(engineSilentAfterMs + engineRestartAfterSilentMs + 3_000);
    expect(engine.spawned).toBe(2);
    expect(starts).toBe(2);
    expect(supervisor.status).toBe('RUNNING');
  });

  it('backs off with jitter while the engine keeps dying, and shows it as silent', async () => {
    supervisor.start();
    for (let times = 0; times < 4; times++) {
      engine.die();
      expect(supervisor.status).toBe('SILENT');
      await pass(500 * 2 ** times * 1.2 + 1);
    }
    expect(engine.spawned).toBe(5);
    expect(restartDelayMs(0, 0.5)).toBe(500);
    expect(restartDelayMs(3, 0.5)).toBe(4_000);
    expect(restartDelayMs(50, 1)).toBeCloseTo(engineRestartMaxDelayMs * 1.2);
    expect(restartDelayMs(50, 0)).toBeCloseTo(engineRestartMaxDelayMs * 0.8);
  });

  it('starts another engine when one never says a word', async () => {
    const terminated: number[] = [];
    const mute = new EngineSupervisor({
      spawn: () => ({
        post: () => undefined,
        terminate: async () => terminated.push(performance.now()),
      }),
      log: () => undefined,
      listener: { onStart: async () => undefined, onMessage: () => undefined },
    });
    mute.start();
    await pass(engineStartLimitMs + 2_000);
    expect(terminated).toHaveLength(1);
    const stopped = mute.stop();
    await pass(engineStopLimitMs);
    await stopped;
  });

  it('fails open questions when the engine dies, and new ones at once while there is none', async () => {
    engine.answers.probeCluster = () => new Promise(() => undefined);
    supervisor.start();
    await passBeating(1_000);
    const open = supervisor.request({ op: 'probeCluster', cluster }).catch((error: unknown) => error);
    engine.die();
    expect(await open).toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
    await expect(supervisor.request({ op: 'probeCluster', cluster })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
    });
  });

  it('gives up on an answer after its limit, while the engine beats on', async () => {
    engine.answers.checkLink = () => new Promise(() => undefined);
    supervisor.start();
    await passBeating(1_000);
    const ends = { source: cluster, destination: cluster };
    const open = supervisor
      .request({ op: 'checkLink', name: 'orders', ...ends, scratch: false })
      .catch((error: unknown) => error);
    await passBeating(checkLinkTimeoutMs);
    expect(await open).toMatchObject({ code: 'ENGINE_TIMEOUT' });
  });

  it('does not take an answer of the wrong shape', async () => {
    engine.answers.listTopics = () => JSON.parse('[{"name":"orders"}]');
    supervisor.start();
    await passBeating(1_000);
    await expect(supervisor.request({ op: 'listTopics', cluster })).rejects.toThrow('wrong shape');
  });

  it('waits for the engine to settle at a stop, but not for ever', async () => {
    engine.epochs = null;
    supervisor.start();
    await passBeating(1_000);
    let stopped = false;
    const stop = supervisor.stop().then(() => {
      stopped = true;
    });
    await pass(engineStopLimitMs - 100);
    expect(stopped).toBe(false);
    await pass(100);
    await stop;
    expect(engine.received.at(-1)).toEqual({ type: 'stop' });
  });
});
