// What people do with links: check, preview, create, change settings, delete. Nothing is left half done: checks come first, the store is written in one transaction, then the engine is told.
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type {
  LinkCheckRequest,
  LinkPreviewRequest,
  LinkSettingsPatch,
  linkCreated,
} from '@/lib/contracts/api';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { LinkCheck, MirrorVerdict } from '@/lib/contracts/engine';
import { type CreateLinkRequest, linkSettings } from '@/lib/contracts/link';
import type { Actor } from '@/server/access/actor';
import type { OpenEntry } from '@/server/access/audit';
import { clusterChange } from '@/server/access/audit-masking';
import { authorise } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import { insertCluster } from '@/server/store/clusters';
import { insertLinkEvents } from '@/server/store/link-events';
import { insertLink, type StoredLink, updateLinkSettings } from '@/server/store/links';
import { insertMirrors } from '@/server/store/mirrors';
import type { CatalogLink } from './catalog';
import { reverseOf } from './directions';
import { guardedRequest, loosens } from './guarded-facts';
import {
  type EndIds,
  type Ends,
  judgeMirrors,
  type MirrorNames,
  namesOf,
  refuseSameCluster,
  requireAccepted,
  requireNoConflicts,
  requirePassed,
} from './link-checks';
import { eventOf, type LinkDeps, type LinkPath, newMirror, targetOf } from './link-operations';
import { patchedSettings } from './patched-settings';
import { settingRows, settingsChange } from './setting-rows';
import { authoriseSettings } from './settings-rights';
import { authoriseEnds, linkTarget, Visible } from './visible';

const PREFIX = 'cluster.link.prefix';

export type CreateOptions = {
  validateOnly: boolean;
  /** False leaves out the staged checks; both cluster ids must be known from an earlier probe. */
  runChecks?: boolean;
  /** A source that is not registered yet: it is registered in the same transaction as the link. */
  newSource?: ClusterConfig;
  /** The id that the caller expects of the source. */
  expectedSourceClusterId?: string;
};

export class Links {
  readonly #deps: LinkDeps;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  /** The scratch sequence writes to the destination (a topic of its own, deleted again), so it is audited. */
  check(actor: Actor, request: LinkCheckRequest): Promise<LinkCheck> {
    const existing = this.#existing(actor, request);
    if (!existing) authoriseEnds(this.#deps.catalog, actor, request);
    const ends = this.#ends(request.source, request.destination);
    const mirrors = [...(existing?.mirrors.values() ?? [])].map(({ topic, sourceTopic }) => ({
      topic,
      sourceTopic,
    }));
    const settings = existing?.settings;
    const groupFilters = settings?.['consumer.offset.sync.enable']
      ? settings['consumer.offset.group.filters']
      : '';
    const ask = () => this.#check(request.name, ends, request.scratch, mirrors, groupFilters);
    if (!request.scratch) return ask();
    const target = targetOf(request);
    return this.#deps.audit.around({ actor, operation: 'check link with a scratch topic', target }, ask);
  }

  async preview(actor: Actor, request: LinkPreviewRequest): Promise<MirrorVerdict[]> {
    authoriseEnds(this.#deps.catalog, actor, request);
    const ends = this.#ends(request.source, request.destination);
    const ids = this.#probedIds(ends) ?? requirePassed(await this.#check('preview', ends, false), ends);
    refuseSameCluster(ends, ids);
    const visible = new Visible(this.#deps.catalog, actor);
    const there = visible.links.find(
      (link) => link.destination === request.destination && link.name === request.name,
    );
    const prefix = request.settings?.[PREFIX] ?? there?.settings[PREFIX] ?? '';
    const names = namesOf(request.topics, prefix);
    return judgeMirrors(
      this.#deps.engine,
      this.#deps.catalog,
      visible,
      { ...ends, ...ids },
      names,
      request.mirrorOptions,
      request.name,
    );
  }

  async create(
    actor: Actor,
    request: CreateLinkRequest,
    options: CreateOptions,
  ): Promise<z.infer<typeof linkCreated>> {
    if (options.newSource) authorise(actor, 'administrator', { kind: 'everywhere' });
    else authoriseEnds(this.#deps.catalog, actor, request);
    authoriseSettings(actor, request, null, linkSettings.parse(request.settings));
    const ends = this.#ends(request.source, request.destination, options.newSource);
    const visible = new Visible(this.#deps.catalog, actor);
    this.#refuseTaken(request, visible, null);
    if (options.validateOnly) {
      const { check, verdicts } = await this.#prepare(request, visible, ends, options);
      return { check, verdicts, link: null };
    }
    const details = {
      settings: request.settings,
      topics: request.topics,
      ...request.mirrorOptions,
      ...(options.newSource ? { newSource: clusterChange(null, options.newSource).after } : {}),
    };
    const { audit, catalog, views } = this.#deps;
    const operation = { actor, operation: 'create link', target: targetOf(request), details };
    const created = await audit.around(operation, async (entry) => {
      const prepared = await this.#prepare(request, visible, ends, options);
      const id = await this.#write(actor, entry, request, prepared.ids, options.newSource);
      return { ...prepared, id };
    });
    const link = catalog.linkById(created.id);
    return { check: created.check, verdicts: created.verdicts, link: link ? views.row(link, actor) : null };
  }

  async patchSettings(actor: Actor, path: LinkPath, patch: LinkSettingsPatch, validateOnly: boolean) {
    const link = new Visible(this.#deps.catalog, actor).link(path.destination, path.name);
    authorise(actor, 'operator', linkTarget(link));
    const wanted = patchedSettings(link.settings, patch);
    authoriseSettings(actor, link, link.settings, wanted);
    if (validateOnly) return settingRows(wanted);
    const request = guardedRequest('unguard', link, null, patch);
    const { approvalGuard, changes, catalog } = this.#deps;
    const approval = loosens(link, wanted) ? await approvalGuard.require(actor, request) : undefined;
    const details = { ...patch, ...(approval ? { approval } : {}) };
    const operation = { actor, operation: 'change link settings', target: targetOf(link), details };
    return changes.audited(operation, async (trx, entry) => {
      // From the newest settings: another patch may have come in between.
      const current = catalog.link(path.destination, path.name);
      const settings = patchedSettings(current.settings, patch);
      authoriseSettings(actor, current, current.settings, settings);
      if (loosens(current, settings)) await approvalGuard.use(trx, actor, request);
      await updateLinkSettings(trx, link.id, settings);
      const message = Object.entries(patch)
        .map(([key, value]) => `${key} = ${value ?? 'default'}`)
        .join(', ');
      entry.note(settingsChange(current.settings, settings));
      await insertLinkEvents(trx, [eventOf(actor, entry, link.id, 'SETTINGS_CHANGED', message)]);
      return settingRows(settings);
    });
  }

  #ends(source: string, destination: string, newSource?: ClusterConfig): Ends {
    const { catalog } = this.#deps;
    const ends = {
      source: newSource ?? catalog.cluster(source).config,
      destination: catalog.cluster(destination).config,
    };
    if (source === destination) {
      throw new LandbridgeError(
        'SAME_CLUSTER',
        `Source and destination are both "${source}". A link needs two clusters.`,
      );
    }
    return ends;
  }

  /** The link that is meant, if there is one: a role on it is enough to look at its rights. */
  #existing(actor: Actor, request: LinkCheckRequest): CatalogLink | null {
    const link = this.#deps.catalog.findLink(request.destination, request.name);
    if (!link || link.source !== request.source || !new Visible(this.#deps.catalog, actor).sees(link))
      return null;
    authorise(actor, 'operator', linkTarget(link));
    return link;
  }

  #check(
    name: string,
    ends: Ends,
    scratch: boolean,
    mirrors: MirrorNames[] = [],
    groupFilters = '',
  ): Promise<LinkCheck> {
    return this.#deps.engine.request({ op: 'checkLink', name, ...ends, scratch, mirrors, groupFilters });
  }

  #probedIds(ends: Ends): EndIds | null {
    const sourceClusterId = this.#deps.prober.last(ends.source)?.clusterId ?? null;
    const destinationClusterId = this.#deps.prober.last(ends.destination)?.clusterId ?? null;
    if (sourceClusterId === null || destinationClusterId === null) return null;
    return { sourceClusterId, destinationClusterId };
  }

  async #prepare(request: CreateLinkRequest, visible: Visible, ends: Ends, options: CreateOptions) {
    const probed = options.runChecks === false ? this.#probedIds(ends) : null;
    const check = probed
      ? null
      : await this.#check(
          request.name,
          ends,
          !options.validateOnly,
          namesOf(request.topics, request.settings[PREFIX] ?? ''),
        );
    const ids = check ? requirePassed(check, ends) : probed;
    if (!ids) throw new LandbridgeError('LINK_CHECK_FAILED', 'The ids of the two clusters are not known.');
    refuseSameCluster(ends, ids);
    const expected = options.expectedSourceClusterId;
    if (expected !== undefined && expected !== ids.sourceClusterId) {
      throw new LandbridgeError(
        'LINK_CHECK_FAILED',
        // Not repeated: this error is searched for secrets, and a guess that is one would come back as such.
        `Source cluster "${request.source}" has the id ${ids.sourceClusterId}, not the one that was given.`,
      );
    }
    this.#refuseTaken(request, visible, ids.destinationClusterId);
    this.#refuseOtherMode(request, visible, ids);
    const { engine, catalog } = this.#deps;
    const names = namesOf(request.topics, request.settings[PREFIX] ?? '');
    const verdicts = await judgeMirrors(
      engine,
      catalog,
      visible,
      { ...ends, ...ids },
      names,
      request.mirrorOptions,
      request.name,
    );
    requireAccepted(verdicts);
    return { check, ids, verdicts };
  }

  /** Judged again right before the write: another change may have come in while Kafka was asked. */
  async #write(
    actor: Actor,
    entry: OpenEntry,
    request: CreateLinkRequest,
    ids: EndIds,
    newSource?: ClusterConfig,
  ): Promise<string> {
    const { catalog, changes } = this.#deps;
    const visible = new Visible(catalog, actor);
    const names = namesOf(request.topics, request.settings[PREFIX] ?? '');
    const now = Date.now();
    const link: StoredLink = {
      id: randomUUID(),
      name: request.name,
      source: request.source,
      destination: request.destination,
      ...ids,
      settings: linkSettings.parse(request.settings),
      cleanStopEpoch: null,
      createdAtMs: now,
    };
    await changes.inAudited(async (trx) => {
      if (newSource) await insertCluster(trx, catalog.box, newSource, now);
      else catalog.cluster(request.source);
      catalog.cluster(request.destination);
      this.#refuseTaken(request, visible, ids.destinationClusterId);
      this.#refuseOtherMode(request, visible, ids);
      requireNoConflicts(catalog, visible, ids, names);
      await insertLink(trx, link);
      const mirrors = names.map((name) => newMirror(link.id, name, request.mirrorOptions, now));
      await insertMirrors(trx, mirrors);
      const message = `${request.source} → ${request.destination}, ${names.length} mirror topics`;
      await insertLinkEvents(trx, [eventOf(actor, entry, link.id, 'CREATED', message)]);
    });
    return link.id;
  }

  /**
   * A name stands for both directions or for one: else a command for one of two links would be understood for the other.
   * @throws LandbridgeError LINK_EXISTS
   */
  #refuseOtherMode(request: CreateLinkRequest, visible: Visible, ids: EndIds): void {
    const mode = request.settings['link.mode'] ?? 'DESTINATION';
    const other = reverseOf({ name: request.name, ...ids }, this.#deps.catalog.links);
    if (!other || other.settings['link.mode'] === mode) return;
    const [is, be] =
      mode === 'BIDIRECTIONAL' ? ['one-way', 'one-way'] : ['BIDIRECTIONAL', 'BIDIRECTIONAL too'];
    throw new LandbridgeError(
      'LINK_EXISTS',
      visible.sees(other)
        ? `The link "${other.name}" to "${other.destination}" leads the other way and is ${is}. Let this one be ${be} (link.mode), or choose another name.`
        : `The name "${request.name}" cannot be used on "${request.destination}". Choose another name.`,
      { fields: { name: 'This name is taken by the other direction.' } },
    );
  }

  /** A name is one per destination, so a taken one is told to whoever may create links there; of whom it is, only if seen. */
  #refuseTaken(request: CreateLinkRequest, visible: Visible, destinationClusterId: string | null): void {
    const taken = this.#deps.catalog.links.find(
      (link) =>
        link.name === request.name &&
        (link.destination === request.destination || link.destinationClusterId === destinationClusterId),
    );
    if (!taken) return;
    throw new LandbridgeError(
      'LINK_EXISTS',
      visible.sees(taken)
        ? `There is a link "${taken.name}" to "${taken.destination}" already. Choose another name.`
        : `The name "${request.name}" cannot be used on "${request.destination}". Choose another name.`,
      { fields: { name: 'This name is taken on the destination.' } },
    );
  }
}
