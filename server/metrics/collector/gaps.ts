// What is missing in a sweep, and why: alike things once, with how many, and the right that would mend it. No I/O.

import type { SweepGap, SweepPart } from '@/lib/contracts/monitoring/seen';
import { keepShape } from '@/lib/keep-shape';
import { ErrorCode, errorName, KafkaError, ProtocolError } from '@/server/kafka/wire/errors';

type Subject = { kind: 'topic' | 'group'; name: string };
type Gathered = SweepGap & { subjects: Set<string>; kind: Subject['kind'] | null };

const NAMES_SHOWN = 3;

/** What each part needs, told where a broker refuses it. */
const rights: Partial<Record<SweepPart, string>> = {
  BROKERS: 'Describe on the cluster',
  LOG_DIRS: 'Describe on the cluster',
  QUORUM: 'Describe on the cluster',
  GROUPS: 'Describe on the cluster',
  OFFSETS: 'Describe on the topic',
  GROUP_MEMBERS: 'Describe on the group',
  GROUP_OFFSETS: 'Describe on the group',
  TOPIC_CONFIGS: 'DescribeConfigs on the topic',
  TRANSACTIONS: 'Describe on the transactional id',
  RECORD_TIMES: 'Read on the topic',
};

const refusals = new Set<number>([
  ErrorCode.TOPIC_AUTHORIZATION_FAILED,
  ErrorCode.GROUP_AUTHORIZATION_FAILED,
  ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
  ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
]);
export const isRefusal = (code: number): boolean => refusals.has(code);

export class Gaps {
  readonly #gaps = new Map<string, Gathered>();

  /** A broker was asked and gave an error, or none at all. */
  failed(what: SweepPart, broker: number | null, error: unknown, subject?: Subject): void {
    if (error instanceof ProtocolError) this.code(what, broker, error.code, subject);
    else if (error instanceof KafkaError) this.#add(what, broker, error.message, null, true, subject);
    else throw error;
  }

  code(what: SweepPart, broker: number | null, code: number, subject?: Subject): void {
    const right = isRefusal(code) ? (rights[what] ?? null) : null;
    // A refusal is the same at every broker.
    const reason = `The broker answered ${errorName(code)}`;
    this.#add(what, right ? null : broker, reason, right, what !== 'RECORD_TIMES' || right === null, subject);
  }

  /** Reading is for precision only: without it a sweep is no less complete. */
  unreadable(topic: string): void {
    const reason = 'Times of records may not be read';
    this.#add('RECORD_TIMES', null, reason, 'Read on the topic', false, { kind: 'topic', name: topic });
  }

  /** Kafka leaves out without a word what may not be seen: an empty list may be a missing right. */
  limited(): void {
    const reason = 'Groups that may not be described are left out of the list';
    this.#add('GROUPS', null, reason, 'Describe on the cluster', false);
  }

  missing(what: SweepPart, broker: number | null, reason: string): void {
    this.#add(what, broker, reason, null, true);
  }

  /** No failure: this release of Kafka does not tell it. */
  notTold(what: SweepPart, reason: string): void {
    this.#add(what, null, reason, null, false);
  }

  #add(
    what: SweepPart,
    broker: number | null,
    reason: string,
    right: string | null,
    failure: boolean,
    subject?: Subject,
  ): void {
    const key = `${what} ${broker} ${right ?? reason}`;
    let gap = this.#gaps.get(key);
    if (!gap) {
      gap = { what, broker, reason, right, failure, subjects: new Set(), kind: subject?.kind ?? null };
      this.#gaps.set(key, gap);
    }
    if (subject) gap.subjects.add(subject.name);
  }

  list(): SweepGap[] {
    return [...this.#gaps.values()].map(({ what, broker, reason, right, failure, subjects, kind }) => ({
      what,
      broker,
      reason: `${reason.replace(/\.$/, '')}${kind && subjects.size > 0 ? ` for ${namesOf(kind, [...subjects].sort())}` : ''}.${right ? ` Grant ${right}.` : ''}`,
      right,
      failure,
    }));
  }
}

function namesOf(kind: Subject['kind'], names: string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  const more = names.length - NAMES_SHOWN;
  return `${kind}${names.length > 1 ? 's' : ''} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

keepShape(new Gaps());
