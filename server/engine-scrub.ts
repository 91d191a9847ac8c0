// What leaves the engine passes here: words of brokers, token endpoints and Kafka clients may quote a secret. Only words are searched: a
// topic, a group or a state that is called like somebody's password keeps its name, or the store would be told of another one.
import type { EngineRequest, FromEngine } from '@/lib/contracts/engine';
import { OwnWords, scrub, scrubAll } from './access/scrub';

type Of<Type extends FromEngine['type']> = Extract<FromEngine, { type: Type }>;

/** In answers: what is asked for by them later, or was asked for. */
const names: ReadonlySet<string> = new Set([
  // Record data, for whoever may have it: it must arrive as it is.
  'ndjson',
  'topic',
  'sourceTopic',
  'name',
  'names',
  'group',
  'mirrorGroup',
]);

/** @param asked of an answer: what it answers. Its names come back in many words ("orders doesn't exist on west"), and are kept there too */
export function scrubbedMessage(message: FromEngine, asked: EngineRequest | null = null): FromEngine {
  switch (message.type) {
    case 'snapshot':
      return scrubSnapshot(message);
    case 'event':
      return { ...message, message: words(message.message) };
    case 'log':
      return { ...message, message: scrub(message.message) };
    case 'operation':
      return scrubOperation(message);
    case 'verified': {
      const { difference } = message;
      return { ...message, difference: difference && { ...difference, message: scrub(difference.message) } };
    }
    case 'answer': {
      const own = new OwnWords(asked ? namesIn(asked) : []);
      const error = message.error === null ? null : scrub(message.error, own);
      return { ...message, value: scrubAll(message.value, names, own), error };
    }
    // Names, numbers and configs for the store and the audit log.
    case 'heartbeat':
    case 'persist':
    case 'aclsHeld':
    case 'keepGroups':
    case 'recallGroups':
    case 'addMirrors':
    case 'turn':
    case 'wrote':
    case 'stopped':
      return message;
  }
}

/** They come each second with thousands of mirrors: their few texts are changed in place. */
function scrubSnapshot(message: Of<'snapshot'>): Of<'snapshot'> {
  for (const link of message.links) {
    scrubMessage(link);
    for (const lock of link.locks) lock.message = scrub(lock.message);
    for (const task of link.tasks) {
      task.said = words(task.said);
      for (const error of task.errors) error.message = scrub(error.message);
    }
    for (const mirror of link.mirrors) {
      scrubMessage(mirror);
      if (mirror.verifyTrouble) mirror.verifyTrouble = scrub(mirror.verifyTrouble);
      for (const exception of mirror.exceptions) scrubMessage(exception);
    }
  }
  return message;
}

function scrubOperation(message: Of<'operation'>): Of<'operation'> {
  const { steps, statement } = message;
  return {
    ...message,
    message: words(message.message),
    steps: steps.map((step) => ({ ...step, detail: words(step.detail) })),
    statement: statement && {
      ...statement,
      notes: statement.notes.map((note) => scrub(note)),
      partitions: statement.partitions.map((one) => ({ ...one, note: words(one.note) })),
    },
  };
}

/** All texts but those of clusters, which hold the secrets. */
function namesIn(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || clusters.has(key)) return [];
  return Object.entries(value).flatMap(([name, item]) => namesIn(item, name));
}
const clusters: ReadonlySet<string> = new Set(['cluster', 'source', 'destination']);

const words = (text: string | null) => (text === null ? null : scrub(text));

function scrubMessage(part: { message: string | null }): void {
  part.message = words(part.message);
}
