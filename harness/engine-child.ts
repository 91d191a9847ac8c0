// Entry of an engine in a process of its own, told what to do by its parent: so that tests can kill, pause and restart it.
import type { FromEngine, ToEngine } from '@/lib/contracts/engine';
import { Engine } from '@/server/link/engine';
import type { Tuning } from '@/server/link/link-context';

export type ToChild = { kind: 'engine'; message: ToEngine } | { kind: 'places'; id: number };
export type Place = {
  topic: string;
  partition: number;
  mode: string;
  acked: string;
  highWatermark: string;
  lastStable: string;
  message: string | null;
};
export type FromChild =
  | { kind: 'engine'; message: Exclude<FromEngine, { type: 'snapshot' }> }
  | { kind: 'places'; id: number; link: { state: string; message: string | null } | null; places: Place[] };

const say = (message: FromChild) => process.send?.(message);
const tuning = JSON.parse(process.argv[2] ?? '{}') as Partial<Tuning>;
const engine = new Engine((message) => {
  if (message.type !== 'snapshot') say({ kind: 'engine', message });
  if (message.type === 'stopped') process.disconnect?.();
}, tuning);
engine.start();

process.on('message', (raw) => {
  const message = raw as ToChild;
  if (message.kind === 'engine') engine.receive(message.message);
  else {
    const [runner] = engine.runners.values();
    const places = [...(runner?.topics.values() ?? [])].flatMap((topic) =>
      topic.partitions.map((p) => ({
        topic: topic.name,
        partition: p.index,
        mode: p.mode,
        acked: String(p.acked),
        highWatermark: String(p.mirrorHighWatermark),
        lastStable: String(p.sourceLastStable),
        message: p.message,
      })),
    );
    say({
      kind: 'places',
      id: message.id,
      link: runner ? { state: runner.state, message: runner.message } : null,
      places,
    });
  }
});
// Nobody is left to work for.
process.on('disconnect', () => process.exit(0));
