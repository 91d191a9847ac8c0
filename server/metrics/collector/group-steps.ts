// Groups in a sweep: listed at the brokers that coordinate them, their commits read before the ends of logs, their members beside.
import type { DescribedGroup } from '@/server/kafka/wire/apis/describe-groups';
import type { TopicCommits } from '@/server/kafka/wire/apis/group-commits';
import type { ListedGroup } from '@/server/kafka/wire/apis/list-groups';
import { ErrorCode, errorName } from '@/server/kafka/wire/errors';
import { askCommits, askGroups, askMembers, SHARE_OFFSETS_TAKE } from './ask-groups';
import { isRefusal } from './gaps';
import { type GroupTold, hasMembers } from './group-memory';
import { asking, type Run } from './run';
import type { Asked } from './step';
import type { MemberSeen } from './sweep';

const MEMBERS_NOT_TOLD = 'This release of Kafka does not tell the members of groups of this type.';
type Found = { listed: ListedGroup; coordinator: number };

export class GroupSteps {
  readonly #run: Run;
  readonly #found = new Map<string, Found>();
  readonly #commits = new Map<string, TopicCommits[] | string>();
  readonly #members = new Map<string, MemberSeen[] | string>();
  readonly #toldBy = new Set<number>();
  #told = false;

  constructor(run: Run) {
    this.#run = run;
  }

  list(): Asked[] {
    return this.#run.lanes.map((lane) =>
      asking(this.#run, 'GROUPS', lane, async () => {
        const { errorCode, groups } = await askGroups(await lane.connection('groups'));
        return () => {
          this.#told = true;
          // A coordinator that is still loading has told what it knows.
          if (errorCode !== 0) this.#run.gaps.code('GROUPS', lane.id, errorCode);
          else this.#toldBy.add(lane.id);
          for (const listed of groups) this.#found.set(listed.group, { listed, coordinator: lane.id });
        };
      }),
    );
  }

  commits(): Asked[] {
    return this.#atCoordinators(
      () => true,
      'GROUP_OFFSETS',
      async (lane, groups) => {
        const told = await askCommits(await lane.connection('groups'), groups);
        return () => {
          for (const [name, commits] of told) {
            if (commits === null) {
              this.#run.gaps.notTold('GROUP_OFFSETS', SHARE_OFFSETS_TAKE);
              this.#commits.set(name, `${SHARE_OFFSETS_TAKE}.`);
            } else if (typeof commits !== 'number') this.#commits.set(name, commits);
            else this.#commits.set(name, this.#failed('GROUP_OFFSETS', lane.id, name, commits));
          }
        };
      },
    );
  }

  members(): Asked[] {
    return this.#atCoordinators(
      ({ state }) => hasMembers(state),
      'GROUP_MEMBERS',
      async (lane, groups) => {
        const told = await askMembers(await lane.connection('sweep'), groups);
        return () => {
          for (const [name, group] of told) {
            if (group === null) this.#members.set(name, MEMBERS_NOT_TOLD);
            else if (typeof group !== 'number') this.#members.set(name, group.members.map(memberOf));
            else this.#members.set(name, this.#failed('GROUP_MEMBERS', lane.id, name, group));
          }
        };
      },
    );
  }

  #atCoordinators(
    which: (group: ListedGroup) => boolean,
    what: 'GROUP_OFFSETS' | 'GROUP_MEMBERS',
    ask: (lane: Run['lanes'][number], groups: ListedGroup[]) => Promise<() => void>,
  ): Asked[] {
    const byBroker = new Map<number, ListedGroup[]>();
    for (const { listed, coordinator } of this.#found.values()) {
      if (!which(listed)) continue;
      const groups = byBroker.get(coordinator);
      if (groups) groups.push(listed);
      else byBroker.set(coordinator, [listed]);
    }
    return this.#run.lanes.flatMap((lane) => {
      const groups = byBroker.get(lane.id);
      return groups === undefined ? [] : [asking(this.#run, what, lane, () => ask(lane, groups))];
    });
  }

  /** @returns what to say of the group */
  #failed(what: 'GROUP_OFFSETS' | 'GROUP_MEMBERS', broker: number, name: string, code: number): string {
    // It has moved to another broker meanwhile, and is found there the next time.
    const moved = code === ErrorCode.NOT_COORDINATOR || code === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
    this.#run.gaps.code(what, broker, code, { kind: 'group', name });
    if (moved) return 'Its coordinator is changing.';
    return isRefusal(code)
      ? 'The right Describe on the group is missing.'
      : `Its coordinator answered ${errorName(code)}.`;
  }

  /** Brokers that have listed all groups that they keep. */
  get toldBy(): ReadonlySet<number> {
    return this.#toldBy;
  }

  /** By name, sorted. Null: no broker has told of any group. */
  told(): GroupTold[] | null {
    if (!this.#told) return null;
    const names = [...this.#found.keys()].sort();
    return names.map((name) => {
      const { listed, coordinator } = this.#found.get(name) as Found;
      const commits =
        this.#commits.get(name) ?? 'Its coordinator did not tell in time what it has committed.';
      const members = hasMembers(listed.state)
        ? (this.#members.get(name) ?? 'Its coordinator did not tell its members in time.')
        : [];
      const trouble = typeof commits === 'string' ? commits : typeof members === 'string' ? members : null;
      return {
        listed,
        coordinator,
        commits: typeof commits === 'string' ? null : commits,
        members: typeof members === 'string' ? null : members,
        why: trouble,
      };
    });
  }
}

const memberOf = (member: DescribedGroup['members'][number]): MemberSeen => ({
  memberId: member.memberId,
  instanceId: member.instanceId,
  clientId: member.clientId,
  host: member.clientHost,
  assigned: member.assignment,
});
