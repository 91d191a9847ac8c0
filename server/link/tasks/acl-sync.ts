// The task that brings ACLs of the source over to the destination. Additive; what it has added itself it removes again only where the link is told
// to, one run after it has said so. The plan is made in access/acl-plan.ts.
import { type AclBinding, bindingKey, bindingText } from '@/lib/contracts/acl';
import { parseAclFilters, parsePrincipalMap } from '@/lib/contracts/acl-filters';
import type { AclPreview } from '@/lib/contracts/acl-sync';
import { aclAction } from '@/lib/contracts/acl-sync';
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { LinkTaskError } from '@/lib/contracts/link-task';
import { listAcls } from '@/server/kafka/acls';
import type { ClusterClient } from '@/server/kafka/wire/cluster-client';
import { ErrorCode, ProtocolError } from '@/server/kafka/wire/errors';
import type { AclBook } from '../access/acl-book';
import { grantedAtPromotion, type PlannedAcl, planSync } from '../access/acl-plan';
import { TRIAL_PREFIX } from '../access/self';
import type { LinkCore } from '../link-core';
import { grantCommand, principalOf } from '../rights';
import type { TaskReport, TaskWork } from './link-tasks';

const ROWS_SHOWN = 1_000;
const NAMED = 5;

type Tried = { filters?: string | undefined; principals?: string | undefined };
type Look = { source: AclBinding[]; destination: AclBinding[]; planned: PlannedAcl[] };
type Problem = { said: string; error: LinkTaskError | null };

export class AclSync implements TaskWork {
  readonly name = 'AclSync';
  readonly #core: LinkCore;
  readonly #book: AclBook;
  /** Who the link is on the destination, as far as it is known. */
  readonly #self: () => string | null;
  /** Keys that the last run has said it would remove. */
  #announced = new Set<string>();
  /** What waited for a promotion at the last look, for a failover. */
  #waiting: { atMs: number; planned: PlannedAcl[] } | null = null;

  constructor(core: LinkCore, book: AclBook, self: () => string | null) {
    this.#core = core;
    this.#book = book;
    this.#self = self;
  }

  enabled(): boolean {
    return this.#core.context.settings['acl.sync.enable'];
  }
  intervalMs(): number {
    return this.#core.context.settings['acl.sync.ms'];
  }

  run(): Promise<TaskReport> {
    return this.#book.inTurn(async () => {
      if (parseAclFilters(this.#core.context.settings['acl.filters']).length === 0)
        return { errors: [], said: 'acl.filters is empty, so nothing is brought over.' };
      const look = await this.#look({});
      if ('problem' in look)
        return { errors: look.problem.error ? [look.problem.error] : [], said: look.problem.said };
      return this.#apply(look);
    });
  }

  async #apply({ source, destination, planned }: Look): Promise<TaskReport> {
    const { context, desired } = this.#core;
    const of = (action: string) =>
      planned.filter((entry) => entry.action === action).map(({ binding }) => binding);
    const [add, gone] = [of('ADD'), of('REMOVE')];
    const mayRemove = context.settings['acl.sync.delete'] && source.length > 0;
    const remove = mayRemove ? gone.filter((binding) => this.#announced.has(bindingKey(binding))) : [];
    this.#announced = new Set(mayRemove ? gone.map(bindingKey) : []);
    try {
      await this.#book.settle(context.destination, 'SYNC', destination, this.#wanted(add, remove));
    } catch (error) {
      const problem = problemOf(error, desired.destination, 'ALTER');
      if (problem.error === null) throw error;
      return { errors: [problem.error], said: null };
    }
    const announced = gone.length - remove.length;
    const listed = (bindings: readonly AclBinding[]) =>
      bindings.slice(0, NAMED).map(bindingText).join('; ') +
      (bindings.length > NAMED ? ` and ${bindings.length - NAMED} more` : '');
    const said = [
      add.length > 0 ? `Brought over ${add.length}: ${listed(add)}.` : null,
      remove.length > 0 ? `Removed ${remove.length}: ${listed(remove)}.` : null,
      announced === 0
        ? null
        : this.#goneText(
            gone.filter((b) => !remove.includes(b)),
            listed,
            source.length,
          ),
    ].filter((part) => part !== null);
    return { errors: [], said: said.length > 0 ? said.join(' ') : null };
  }

  #goneText(gone: AclBinding[], listed: (bindings: AclBinding[]) => string, atSource: number): string {
    const list = `${gone.length} gone at the source: ${listed(gone)}.`;
    if (!this.#core.context.settings['acl.sync.delete'])
      return `Kept ${list} Set acl.sync.delete to remove such.`;
    if (atSource === 0) return `Kept ${list} The source shows no ACL at all, so nothing is removed.`;
    return `Will be removed with the next run, ${list}`;
  }

  /** By resource: what is held there already, with what comes, without what goes. */
  #wanted(add: readonly AclBinding[], remove: readonly AclBinding[]): Map<string, AclBinding[]> {
    const nameOf = (b: AclBinding) => `${b.resourceType} ${b.patternType} ${b.resourceName}`;
    const removed = new Set(remove.map(bindingKey));
    const wanted = new Map<string, AclBinding[]>();
    for (const binding of [...add, ...remove]) {
      const name = nameOf(binding);
      if (wanted.has(name)) continue;
      const kept = this.#book.held('SYNC', name).filter((held) => !removed.has(bindingKey(held)));
      wanted.set(name, [...kept, ...add.filter((other) => nameOf(other) === name)]);
    }
    return wanted;
  }

  /** What waited for the end of this mirror. At a failover the source isn't asked: what was last seen there counts. @returns what was given, in words; null when nothing waited */
  grantWriters(topic: string, askSource: boolean): Promise<string | null> {
    return this.#book.inTurn(async () => {
      if (!this.enabled()) return null;
      const look = askSource ? await this.#look({}) : this.#waiting;
      if (!look)
        return 'ACLs of the source were not seen by this engine, so no rights to write were brought over.';
      if ('problem' in look) return look.problem.said;
      const grants = grantedAtPromotion(look.planned, topic);
      if (grants.length === 0) return null;
      const { destination } = this.#core.context;
      await this.#book.settle(destination, 'SYNC', await listAcls(destination), this.#wanted(grants, []));
      return `Rights to write were brought over: ${grants.map(bindingText).join('; ')}.`;
    });
  }

  /** What would be done now, with other settings if wished; changes nothing. */
  async preview(tried: Tried): Promise<AclPreview> {
    const look = await this.#look(tried);
    const planned = 'problem' in look ? [] : look.planned;
    const order = ['REMOVE', 'ADD', 'WITHHELD', 'SKIPPED', 'PRESENT'];
    const rows = planned.toSorted((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
    const count = (action: string) => planned.filter((entry) => entry.action === action).length;
    return {
      source: 'problem' in look ? null : look.source.length,
      destination: 'problem' in look ? null : look.destination.length,
      problems: 'problem' in look ? [look.problem.said] : [],
      counts: Object.fromEntries(
        aclAction.options.map((action) => [action, count(action)]),
      ) as AclPreview['counts'],
      rows: rows.slice(0, ROWS_SHOWN),
      held: this.#book.all(),
    };
  }

  async #look({ filters, principals }: Tried): Promise<Look | { problem: Problem }> {
    const { context, desired, topics } = this.#core;
    const { settings } = context;
    const source = await aclsOf(context.source, desired.source);
    if ('said' in source) return { problem: source };
    const destination = await aclsOf(context.destination, desired.destination);
    if ('said' in destination) return { problem: destination };
    const planned = planSync({
      source,
      destination,
      held: this.#book.keys('SYNC'),
      filters: parseAclFilters(filters ?? settings['acl.filters']),
      principals: parsePrincipalMap(principals ?? settings['acl.principal.map']),
      prefix: settings['cluster.link.prefix'],
      mirrors: [
        ...[...topics.values()].map(({ name, desired: mirror }) => ({
          topic: name,
          sourceTopic: mirror.sourceTopic,
          stopped: mirror.ending?.fencing === true,
        })),
        ...desired.renamed.map((names) => ({ ...names, stopped: true })),
      ],
      ownOnSource: this.#ownOnSource(),
      self: { source: principalOf(desired.source), destination: this.#self() },
    });
    if (filters === undefined && principals === undefined) this.#waiting = { atMs: Date.now(), planned };
    return { source, destination, planned };
  }

  #ownOnSource(): Set<string> {
    const { ports, desired } = this.#core;
    return new Set([
      ...ports.aclsHeldOn(desired.sourceClusterId, 'LOCK'),
      ...ports.aclsHeldOn(desired.sourceClusterId, 'FENCE'),
    ]);
  }
}

/** Without those that stand for some milliseconds while a link finds out who it is. */
async function aclsOf(client: ClusterClient, cluster: ClusterConfig): Promise<AclBinding[] | Problem> {
  try {
    const all = await listAcls(client);
    return all.filter(({ resourceName }) => !resourceName.startsWith(TRIAL_PREFIX));
  } catch (error) {
    const problem = problemOf(error, cluster, 'DESCRIBE');
    if (problem.said === '') throw error;
    return problem;
  }
}

/** A cluster without an authorizer is no error that could go away. */
function problemOf(error: unknown, cluster: ClusterConfig, operation: 'DESCRIBE' | 'ALTER'): Problem {
  const code = error instanceof ProtocolError ? error.code : null;
  if (code === ErrorCode.SECURITY_DISABLED)
    return { said: `${cluster.name} has no authorizer, so no ACLs can be brought over.`, error: null };
  if (code !== ErrorCode.CLUSTER_AUTHORIZATION_FAILED) return { said: '', error: null };
  const verb = operation === 'DESCRIBE' ? 'read' : 'change';
  const message = `The link's principal may not ${verb} ACLs on ${cluster.name}. Grant ${operation} on the cluster: ${grantCommand(cluster, 'CLUSTER', [operation], [])}. Tried again by itself.`;
  return { said: message, error: { code: 'AUTHORIZATION_ERROR', message } };
}
