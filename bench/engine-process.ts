// The engine alone in a process, as the server runs it in its thread: desired state from a file, facts kept in memory. Ends at SIGTERM.
// Bundled before it is run, so that nothing but the engine is measured.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type DesiredLink, desiredLink, type FromEngine } from '@/lib/contracts/engine';
import { Engine } from '@/server/link/engine';

const wish = readFileSync(process.argv[2] as string, 'utf8');
const links: DesiredLink[] = z.array(desiredLink).parse(JSON.parse(wish));

const engine = new Engine((message: FromEngine) => {
  if (message.type === 'log' && message.level !== 'debug')
    console.error(`${message.level} ${message.message}`);
  if (message.type === 'event')
    console.error(`event ${message.topic} ${message.to} ${message.message ?? ''}`);
  if (message.type === 'persist')
    queueMicrotask(() => engine.receive({ type: 'persisted', id: message.id, error: null }));
  if (message.type === 'stopped') process.exit(0);
});
process.once('SIGTERM', () => engine.receive({ type: 'stop' }));
engine.start();
engine.receive({ type: 'desired', links });
