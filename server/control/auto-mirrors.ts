// Mirrors that a link creates by itself: adds those that the engine has found, and shows beforehand what filters would take. The rules are in auto-create.ts.
import {
  AUTO_CREATE_ROWS,
  type AutoCreateJudgement,
  type AutoCreatePreview,
  type AutoCreatePreviewRequest,
  autoCreateVerdict,
} from '@/lib/contracts/auto-create';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import { parseNameFilters } from '@/lib/contracts/name-filters';
import { topicExistsMessage } from '@/lib/mirror-name';
import type { Actor } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { insertLinkEvents } from '@/server/store/link-events';
import { insertMirrors } from '@/server/store/mirrors';
import { type AutoCreateRule, judgeTopics } from './auto-create';
import type { CatalogLink } from './catalog';
import { eventOf, type LinkDeps, newMirror, targetOf } from './link-operations';
import type { TopicLists } from './topic-lists';
import { authoriseEnds, linkTarget, Visible } from './visible';

const FILTERS = 'auto.create.mirror.topics.filters';
const engineActor = { kind: 'engine' } as const;
const ordinary = { replicationFactor: null, configs: {} };

export class AutoMirrors {
  readonly #deps: LinkDeps;
  readonly #topics: TopicLists;

  constructor(deps: LinkDeps, topics: TopicLists) {
    this.#deps = deps;
    this.#topics = topics;
  }

  /**
   * What becomes of topics that the engine has found at a source; unless only validated, MATCHED ones are mirrors afterwards.
   * One audit entry for all of them, none where there is nothing to add.
   */
  async add(
    linkId: string,
    sourceTopics: readonly string[],
    validateOnly: boolean,
  ): Promise<AutoCreateJudgement[]> {
    const { catalog, changes } = this.#deps;
    const judge = (link: CatalogLink | undefined) =>
      link?.settings['auto.create.mirror.topics.enable']
        ? judgeTopics(
            this.#ruleOf(link, () => false),
            sourceTopics,
          )
        : [];
    const link = catalog.linkById(linkId);
    const judged = judge(link);
    const matched = judged.filter(({ verdict }) => verdict === 'MATCHED');
    if (validateOnly || !link || matched.length === 0) return judged;
    const details = {
      mirrors: matched.map(({ topic, sourceTopic }) => ({ topic, sourceTopic })),
      filters: link.settings[FILTERS],
    };
    const operation = {
      actor: engineActor,
      operation: 'auto-create mirrors',
      target: targetOf(link),
      details,
    };
    return changes.audited(operation, async (trx, entry) => {
      // Judged again: another change may have come in between. What was not there then is left to the next run.
      const wanted = new Set(matched.map(({ sourceTopic }) => sourceTopic));
      const now = judge(catalog.linkById(linkId));
      const added = now.filter((one) => one.verdict === 'MATCHED' && wanted.has(one.sourceTopic));
      const at = Date.now();
      await insertMirrors(
        trx,
        added.map(({ topic, sourceTopic }) => newMirror(linkId, { topic, sourceTopic }, ordinary, at)),
      );
      const said = 'Added by AutoCreateMirror: the filters include its source topic.';
      await insertLinkEvents(
        trx,
        added.map(({ topic }) => eventOf(engineActor, entry, linkId, 'CREATED', said, topic)),
      );
      entry.note({ after: { added: added.map(({ topic }) => topic) } });
      return now;
    });
  }

  /** The dry run of filters. Asks both clusters for their topics at most every few seconds. */
  async preview(actor: Actor, request: AutoCreatePreviewRequest): Promise<AutoCreatePreview> {
    const { catalog } = this.#deps;
    const visible = new Visible(catalog, actor);
    const named = request.name === undefined ? null : catalog.findLink(request.destination, request.name);
    const link = named && named.source === request.source && visible.sees(named) ? named : null;
    if (link) authorise(actor, 'operator', linkTarget(link));
    else authoriseEnds(catalog, actor, request);
    const source = catalog.cluster(request.source).config;
    const destination = catalog.cluster(request.destination).config;
    const [there, here] = await Promise.all([this.#topics.of(source), this.#topics.of(destination)]);
    const standing = new Set(here.topics.map(({ name }) => name));
    const sees = (one: CatalogLink) => visible.sees(one);
    const idOf = (cluster: ClusterConfig) => this.#deps.prober.last(cluster)?.clusterId ?? cluster.name;
    const rule: AutoCreateRule = link
      ? { ...this.#ruleOf(link, sees), filters: parseNameFilters('topicFilters', request.filters) }
      : {
          prefix: request.prefix,
          filters: parseNameFilters('topicFilters', request.filters),
          sourceClusterId: idOf(source),
          destinationClusterId: idOf(destination),
          link: null,
          links: catalog.links,
          deletions: catalog.deletions,
          sees,
        };
    const names = there.topics.map(({ name }) => name);
    const judged = judgeTopics(rule, names).map((one) =>
      one.verdict === 'MATCHED' && standing.has(one.topic) ? existing(one, destination.name) : one,
    );
    return previewOf(judged, Math.min(there.asOf, here.asOf));
  }

  #ruleOf(link: CatalogLink, sees: (link: CatalogLink) => boolean): AutoCreateRule {
    return {
      prefix: link.settings['cluster.link.prefix'],
      filters: parseNameFilters('topicFilters', link.settings[FILTERS]),
      sourceClusterId: link.sourceClusterId,
      destinationClusterId: link.destinationClusterId,
      link,
      links: this.#deps.catalog.links,
      deletions: this.#deps.catalog.deletions,
      sees: (one) => one.id === link.id || sees(one),
    };
  }
}

const existing = (one: AutoCreateJudgement, destination: string): AutoCreateJudgement => ({
  ...one,
  verdict: 'EXISTS',
  message: topicExistsMessage(one.topic, destination),
});

function previewOf(judged: readonly AutoCreateJudgement[], asOf: number): AutoCreatePreview {
  const counts: AutoCreatePreview['counts'] = {};
  for (const { verdict } of judged) counts[verdict] = (counts[verdict] ?? 0) + 1;
  const rank = new Map(autoCreateVerdict.options.map((verdict, index) => [verdict, index]));
  const rows = judged
    .toSorted(
      (a, b) =>
        (rank.get(a.verdict) ?? 0) - (rank.get(b.verdict) ?? 0) || (a.sourceTopic < b.sourceTopic ? -1 : 1),
    )
    .slice(0, AUTO_CREATE_ROWS);
  return { asOf, counts, rows, total: judged.length };
}
