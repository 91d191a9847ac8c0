// The task that mirrors topics of the source that the link's filters include. It finds them and asks Kafka whether they can be mirrored; which of
// them may be, and that they are mirrors from now on, is decided and stored by the web thread.
import type { AutoCreateJudgement } from '@/lib/contracts/auto-create';
import type { LinkTaskError } from '@/lib/contracts/link-task';
import { letsThrough, parseNameFilters } from '@/lib/contracts/name-filters';
import { topicExistsMessage } from '@/lib/mirror-name';
import { ErrorCode } from '@/server/kafka/wire/errors';
import type { LinkCore } from '../link-core';
import { checkMirrors } from '../mirror-check';
import type { TaskReport, TaskWork } from './link-tasks';

/** What Kafka has refused is looked at again after this; names that are taken are looked at each time. */
const REFUSED_RETRY_MS = 60_000;
/** More are counted, not told. */
const ERRORS_TOLD = 50;
const NAMES_TOLD = 5;

type Refusal = { error: LinkTaskError; notBeforeMs: number };

const REFUSED_BY_THE_STORE: Partial<Record<AutoCreateJudgement['verdict'], string>> = {
  TAKEN: 'TOPIC_EXISTS_ERROR',
  NAME_TOO_LONG: 'MISCONFIGURATION_ERROR',
};

export function autoCreateMirror(core: LinkCore): TaskWork {
  return new AutoCreateMirror(core);
}

class AutoCreateMirror implements TaskWork {
  readonly name = 'AutoCreateMirror';
  readonly #core: LinkCore;
  /** By source topic. */
  readonly #refused = new Map<string, Refusal>();

  constructor(core: LinkCore) {
    this.#core = core;
  }

  enabled(): boolean {
    return this.#core.context.settings['auto.create.mirror.topics.enable'];
  }
  intervalMs(): number {
    return this.#core.context.settings['metadata.max.age.ms'];
  }

  async run(): Promise<TaskReport> {
    const filters = parseNameFilters(
      'topicFilters',
      this.#core.context.settings['auto.create.mirror.topics.filters'],
    );
    if (!filters.some(({ filterType }) => filterType === 'INCLUDE')) {
      const message =
        'auto.create.mirror.topics.filters includes nothing: add a filter with filterType INCLUDE.';
      return { errors: [{ code: 'MISCONFIGURATION_ERROR', message }], said: null };
    }
    const { topics } = await this.#core.context.source.metadata(null);
    const names = topics.filter((t) => t.errorCode === 0 && letsThrough(filters, t.name)).map((t) => t.name);
    for (const name of this.#refused.keys()) if (!names.includes(name)) this.#refused.delete(name);
    const mirrored = new Set([...this.#core.topics.values()].map((topic) => topic.desired.sourceTopic));
    const fresh = names.filter((name) => !mirrored.has(name)).sort();
    if (fresh.length === 0) return { errors: [], said: saidOf(names.length, [], []) };
    const judged = await this.#core.ports.addMirrors(fresh, true);
    const free = await this.#accepted(judged.filter(({ verdict }) => verdict === 'MATCHED'));
    const added =
      free.length === 0
        ? []
        : (await this.#core.ports.addMirrors(free, false)).filter(({ verdict }) => verdict === 'MATCHED');
    return { errors: this.#errors(judged), said: saidOf(names.length, added, judged) };
  }

  /** Those that Kafka lets the link mirror; why not is kept of the others. */
  async #accepted(wanted: readonly AutoCreateJudgement[]): Promise<string[]> {
    const now = performance.now();
    const { destination } = this.#core.context;
    const here = await destination.metadata(wanted.map(({ topic }) => topic));
    const taken = new Set(
      here.topics
        .filter(({ errorCode }) => errorCode !== ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
        .map(({ name }) => name),
    );
    const free: AutoCreateJudgement[] = [];
    for (const one of wanted) {
      const before = this.#refused.get(one.sourceTopic);
      if (taken.has(one.topic)) {
        const message = topicExistsMessage(one.topic, this.#core.desired.destination.name);
        this.#refuse(one, 'TOPIC_EXISTS_ERROR', message, 0);
      } else if (before === undefined || before.notBeforeMs <= now) {
        this.#refused.delete(one.sourceTopic);
        free.push(one);
      }
    }
    if (free.length === 0) return [];
    const verdicts = await checkMirrors({
      op: 'checkMirrors',
      name: this.#core.desired.name,
      source: this.#core.desired.source,
      destination: this.#core.desired.destination,
      mirrors: free.map(({ topic, sourceTopic }) => ({
        ...{ topic, sourceTopic },
        options: { replicationFactor: null, configs: {} },
      })),
    });
    const accepted: string[] = [];
    for (const { ok, topic, sourceTopic, message } of verdicts)
      if (ok) accepted.push(sourceTopic);
      else
        this.#refuse(
          { topic, sourceTopic },
          message.includes(' lacks ') ? 'AUTHORIZATION_ERROR' : 'INTERNAL_ERROR',
          message,
          now + REFUSED_RETRY_MS,
        );
    return accepted;
  }

  #refuse(
    { topic, sourceTopic }: Pick<AutoCreateJudgement, 'topic' | 'sourceTopic'>,
    code: string,
    said: string,
    notBeforeMs: number,
  ): void {
    const name = topic === sourceTopic ? topic : `${sourceTopic} (as ${topic})`;
    this.#refused.set(sourceTopic, { error: { code, message: `${name}: ${said}` }, notBeforeMs });
  }

  #errors(judged: readonly AutoCreateJudgement[]): LinkTaskError[] {
    const errors = [...this.#refused.values()].map(({ error }) => error);
    for (const { verdict, sourceTopic, message } of judged) {
      const code = REFUSED_BY_THE_STORE[verdict];
      if (code !== undefined) errors.push({ code, message: `${sourceTopic}: ${message}` });
    }
    const more = errors.length - ERRORS_TOLD;
    if (more <= 0) return errors;
    const message = `${more} more topics can't be mirrored; the preview of the filters shows them.`;
    return [...errors.slice(0, ERRORS_TOLD), { code: 'INTERNAL_ERROR', message }];
  }
}

function saidOf(
  matching: number,
  added: readonly AutoCreateJudgement[],
  judged: readonly AutoCreateJudgement[],
): string {
  const left = judged.filter(({ verdict }) => ['STOPPED', 'REMOVED', 'LEADS_BACK'].includes(verdict));
  return [
    added.length > 0 ? `Added ${named(added.map(({ topic }) => topic))}.` : null,
    `${matching} topics match the filters.`,
    left.length > 0
      ? `Left out: ${named(left.map(({ sourceTopic }) => sourceTopic))} (stopped, taken off by a person, or from the destination).`
      : null,
  ]
    .filter((part) => part !== null)
    .join(' ');
}

function named(names: readonly string[]): string {
  const more = names.length - NAMES_TOLD;
  return names.slice(0, NAMES_TOLD).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
