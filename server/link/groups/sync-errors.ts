// What a run of the offset sync says is wrong, few enough to be read: one error a kind, with the command that mends it. Pure.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { LinkTaskError } from '@/lib/contracts/link-task';
import type { NameFilter } from '@/lib/contracts/name-filters';
import type { KafkaError } from '@/server/kafka/wire/errors';
import { grantCommand } from '../rights';
import type { GroupResult } from './group-result';
import { grantCommands } from './group-rights';

const NAMES_SHOWN = 5;

export function noFilters(): LinkTaskError {
  return {
    code: 'MISCONFIGURATION_ERROR',
    message:
      'consumer.offset.group.filters lets no group through: nothing is synced. Set it, for all groups to {"groupFilters": [{"name": "*", "patternType": "LITERAL", "filterType": "INCLUDE"}]}.',
  };
}

export function errorsOf(
  ends: { source: ClusterConfig; destination: ClusterConfig },
  results: Iterable<GroupResult>,
  refused: readonly NameFilter[],
  troubles: readonly KafkaError[],
): LinkTaskError[] {
  const all = [...results];
  const of = (status: GroupResult['status']) => all.filter((result) => result.status === status);
  const errors: LinkTaskError[] = [];
  if (refused.length > 0) errors.push(unseen(ends.source, refused));
  // Those that may not be seen at the source stand in the error above.
  const unwritable = of('NOT_AUTHORIZED').filter(({ offsets }) => offsets.length > 0);
  if (unwritable.length > 0) {
    const command = grantCommand(
      ends.destination,
      'GROUP',
      ['READ'],
      unwritable.slice(0, NAMES_SHOWN).map((g) => g.mirrorGroup),
    );
    errors.push({
      code: 'AUTHORIZATION_ERROR',
      message: `The link's principal may not commit offsets of ${named(unwritable)} on ${ends.destination.name}: ${unwritable[0]?.why ?? ''} Grant it: ${command}`,
    });
  }
  const held = of('BUSY');
  if (held.length > 0)
    errors.push({
      code: 'CONSUMER_GROUP_IN_USE_ERROR',
      message: `Not synced: ${named(held)}. ${held[0]?.why ?? ''}`,
    });
  const broken = of('IN_ERROR');
  if (broken.length > 0)
    errors.push({ code: 'INTERNAL_ERROR', message: `Not synced: ${named(broken)}. ${broken[0]?.why ?? ''}` });
  if (troubles[0])
    errors.push({
      code: 'INTERNAL_ERROR',
      message: `Not all brokers of ${ends.source.name} list their groups: ${troubles[0].message}. The others are synced; tried again by itself.`,
    });
  return errors;
}

function unseen(source: ClusterConfig, refused: readonly NameFilter[]): LinkTaskError {
  const names = refused.map((f) => `${f.name}${f.patternType === 'PREFIXED' ? '…' : ''}`).join(', ');
  return {
    code: 'AUTHORIZATION_ERROR',
    message: `The link's principal may not see groups ${names} on ${source.name}, which lists none instead of saying so. Grant it: ${grantCommands(source, 'DESCRIBE', refused).replace('\n', ' and ')}`,
  };
}

function named(results: readonly GroupResult[]): string {
  const names = results.slice(0, NAMES_SHOWN).map((result) => result.mirrorGroup);
  const more = results.length > names.length ? ` and ${results.length - names.length} more groups` : '';
  return names.join(', ') + more;
}
