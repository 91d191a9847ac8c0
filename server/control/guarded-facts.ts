// What a second person is asked to confirm, worked out from the catalog: the dry run of each operation that links may put under the rule. Pure.
import { z } from 'zod';
import type { GuardedOperation } from '@/lib/contracts/access';
import { type LinkSettingsPatch, linkSettingsPatch } from '@/lib/contracts/api';
import type { LinkSettings } from '@/lib/contracts/link';
import { type OperationOptions, operationOptions } from '@/lib/contracts/operation';
import { type RemakeOptions, remakeOptions } from '@/lib/contracts/remake';
import type { Facts, GuardedRequest } from '@/server/access/approval-views';
import type { Catalog, CatalogLink } from './catalog';
import { patchedSettings } from './patched-settings';

export const guardedOperations = (settings: LinkSettings): string[] =>
  settings['two.person.operations'].split(',').filter((name) => name !== '');

export const isGuarded = (link: CatalogLink, operation: GuardedOperation): boolean =>
  guardedOperations(link.settings).includes(operation);

/** Deleting a topic is guarded where deleting is; a failback, which also turns mirroring round, where a failover is as well. */
export const needsSecondPerson = (link: CatalogLink, operation: 'reseed' | 'failback'): boolean =>
  isGuarded(link, 'delete') || (operation === 'failback' && isGuarded(link, 'failover'));

/** True when a change takes an operation off the rule: that alone would make the rule worthless. */
export function loosens(link: CatalogLink, settings: LinkSettings): boolean {
  const after = guardedOperations(settings);
  return guardedOperations(link.settings).some((operation) => !after.includes(operation));
}

/** Of a promote, failover or reverse; `topics` where it is about many. */
export type OperationInput = { options: OperationOptions; topics?: readonly string[] };

/** Of a removal: the topics that are deleted with it, and the mirrors where it is about some of many. */
export type RemovalInput = { deletedTopics?: readonly string[]; mirrors?: readonly string[] };

const removalInput = z.object({
  deletedTopics: z.array(z.string()).optional(),
  mirrors: z.array(z.string()).optional(),
});

/** Of a re-seed or failback. */
export type RemakeInput = { options: RemakeOptions; topicId: string | null };

const remakeInput = z.object({ options: remakeOptions, topicId: z.string().nullable() });
const operationInput = z.object({ options: operationOptions, topics: z.array(z.string()).optional() });

/** @param input what is asked for beyond the operation, such as the settings of a change */
export function guardedRequest(
  operation: GuardedRequest['operation'],
  link: CatalogLink,
  topic: string | null,
  input: LinkSettingsPatch | OperationInput | RemovalInput | RemakeInput = {},
): GuardedRequest {
  const given = Object.entries(input).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  const { destination, name } = link;
  return { operation, link: { destination, name }, topic, input: Object.fromEntries(given) };
}

/** @returns null when the link or the mirror is gone */
export function guardedFacts(catalog: Catalog, request: GuardedRequest): Facts | null {
  const link = catalog.findLink(request.link.destination, request.link.name);
  if (!link || (request.topic !== null && !link.mirrors.has(request.topic))) return null;
  const { source, destination, name } = link;
  return { link: { source, destination, name }, ...dryRun(link, request) };
}

function dryRun(link: CatalogLink, request: GuardedRequest): Pick<Facts, 'summary' | 'facts'> {
  const where = `${link.source} → ${link.destination}`;
  const { topic } = request;
  switch (request.operation) {
    case 'delete':
      return removalFacts(link, topic, removalInput.parse(request.input));
    case 'unguard': {
      const before = guardedOperations(link.settings);
      const patch = linkSettingsPatch.parse(request.input);
      const after = guardedOperations(patchedSettings(link.settings, patch));
      const freed = before.filter((operation) => !after.includes(operation));
      return {
        summary: `Takes ${freed.join(' and ')} of link "${link.name}" (${where}) off the rule of two persons.`,
        facts: [
          ...identity(link),
          { name: 'Under the rule now', value: before.join(', ') },
          { name: 'Under the rule afterwards', value: after.join(', ') },
          ...Object.entries(patch).map(([key, value]) => ({ name: key, value: String(value ?? 'default') })),
        ],
      };
    }
    case 'promote':
    case 'failover':
    case 'reverse': {
      const { options, topics } = operationInput.parse(request.input);
      const verb = { promote: 'Promotes', failover: 'Fails over', reverse: 'Reverses' }[request.operation];
      const names = topic === null ? (topics ?? []) : [topic];
      const what = topic === null ? `${names.length} mirror topics` : `mirror topic "${topic}"`;
      return {
        summary: `${verb} ${what} of link "${link.name}" (${where}).`,
        facts: [
          ...identity(link),
          { name: 'Mirror topics', value: names.join(', ') },
          ...Object.entries(options).map(([name, value]) => ({
            name,
            value: typeof value === 'object' ? JSON.stringify(value) : String(value),
          })),
        ],
      };
    }
    case 'reseed':
    case 'failback': {
      const { options, topicId } = remakeInput.parse(request.input);
      const summary =
        request.operation === 'reseed'
          ? `Deletes mirror topic "${topic}" on "${link.destination}" and mirrors it anew over link "${link.name}" (${where}).`
          : `Fails "${topic}" back: its topic on "${link.source}" is deleted where it has diverged, and mirrored from "${link.destination}" over the way back of link "${link.name}" (${where}).`;
      return {
        summary,
        facts: [
          ...identity(link),
          { name: 'Topic id', value: topicId ?? 'none' },
          ...Object.entries(options).map(([name, value]) => ({ name, value: String(value) })),
        ],
      };
    }
  }
}

function removalFacts(
  link: CatalogLink,
  topic: string | null,
  { deletedTopics = [], mirrors }: z.infer<typeof removalInput>,
): Pick<Facts, 'summary' | 'facts'> {
  const where = `${link.source} → ${link.destination}`;
  const rest =
    deletedTopics.length === 0 ? '' : ` Deletes ${deletedTopics.length} topics of ${link.destination}.`;
  const gone =
    deletedTopics.length === 0 ? [] : [{ name: 'Topics deleted for good', value: deletedTopics.join(', ') }];
  if (topic !== null)
    return {
      summary: `Takes mirror topic "${topic}" off link "${link.name}" (${where}).${rest}`,
      facts: [...identity(link), { name: 'Mirror topic', value: topic }, ...gone],
    };
  const names = mirrors ?? [...link.mirrors.keys()].sort();
  const what = mirrors
    ? `Takes ${names.length} mirror topics off link "${link.name}" (${where}).`
    : `Deletes link "${link.name}" (${where}) with ${names.length} mirror topics.`;
  return {
    summary: what + rest,
    facts: [...identity(link), { name: 'Mirror topics', value: names.join(', ') }, ...gone],
  };
}

/** A link that was made anew under the same name is another one. */
const identity = (link: CatalogLink): Facts['facts'] => [
  { name: 'Link id', value: link.id },
  { name: 'Source', value: `${link.source} (${link.sourceClusterId})` },
  { name: 'Destination', value: `${link.destination} (${link.destinationClusterId})` },
];
