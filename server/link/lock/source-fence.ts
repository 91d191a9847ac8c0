// Keeps producers from writing to topics of the source, for a promote with a fenced source and for a reverse. In force on every broker before
// it answers, recorded before it is set, and taken away only by who has set it.
import { type AclBinding, bindingKey } from '@/lib/contracts/acl';
import { listAcls } from '@/server/kafka/acls';
import { KafkaError, ProtocolError } from '@/server/kafka/wire/errors';
import type { AclBook } from '../access/acl-book';
import { findSelf, guessedSelf, type Self } from '../access/self';
import { TopicAcls } from '../access/topic-access';
import type { LinkCore } from '../link-core';
import { principalOf } from '../rights';
import { deriveFence } from './derive-lock';
import { obstacleOf } from './lock-view';

export type Fenced = {
  /** Source topics that nobody but super users can write to now. */
  topics: string[];
  /** Who still can, in a sentence. */
  message: string;
};

export class SourceFence {
  readonly #core: LinkCore;
  readonly #book: AclBook;

  constructor(core: LinkCore, book: AclBook) {
    this.#core = core;
    this.#book = book;
  }

  /** Source topics that this link has fenced. */
  get topics(): string[] {
    return this.#book.names('FENCE');
  }

  /**
   * The link loses WRITE on them, too, until the fence is lifted: it only reads there. A link in the other direction locks the topics
   * first, and then lifts the fence, so that there is no moment between.
   * @throws KafkaError saying what is missing; what was fenced until then stays recorded
   */
  fence(topics: readonly string[]): Promise<Fenced> {
    return this.#changed(async () => {
      const present = await listAcls(this.#core.context.source);
      const own = this.#book.keys('FENCE');
      const others = present.filter((binding) => !own.has(bindingKey(binding)));
      const wanted = await this.#derive(topics, others);
      await this.#book.settle(this.#core.context.source, 'FENCE', present, wanted);
      const message = `Nobody can write to ${topics.length === 1 ? topics[0] : `${topics.length} topics`} of ${this.#core.desired.source.name} but super users of the brokers, who are asked nothing.`;
      return { topics: [...topics], message };
    });
  }

  /** Removes exactly what the fence has added. Must not matter how often. */
  unfence(topics: readonly string[]): Promise<void> {
    return this.#changed(async () => {
      const held = topics.filter((topic) => this.#book.held('FENCE', topic).length > 0);
      if (held.length === 0) return;
      const { source } = this.#core.context;
      const wanted = new Map(held.map((topic) => [topic, []]));
      await this.#book.settle(source, 'FENCE', await listAcls(source), wanted);
    });
  }

  async #derive(
    topics: readonly string[],
    others: readonly AclBinding[],
  ): Promise<Map<string, AclBinding[]>> {
    const acls = new TopicAcls(others);
    const bare = topics.filter((topic) => acls.about(topic).length === 0);
    const self = bare.length === 0 ? guessedSelf(null) : await this.#findSelf(others);
    return new Map(
      topics.map((topic) => {
        const bindings = deriveFence(topic, acls.about(topic), self);
        if (bindings) return [topic, bindings];
        throw new KafkaError(
          `${topic} of ${this.#core.desired.source.name} can't be fenced: no ACL names it, and whether brokers then let everybody in (allow.everyone.if.no.acl.found) could not be found out. Add an ACL on it, such as READ for its readers`,
          { retriable: false },
        );
      }),
    );
  }

  #findSelf(present: readonly AclBinding[]): Promise<Self> {
    const { context, desired } = this.#core;
    const guess = principalOf(desired.source);
    return findSelf(context.source, desired.id, present, guess === null ? [] : [guess]);
  }

  async #changed<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#book.inTurn(work);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new KafkaError(obstacleOf(error, this.#core.desired.source), {
        retriable: error.retriable,
        cause: error,
      });
    }
  }
}
