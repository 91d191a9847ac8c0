// What is said of a mirror's lock: locked or watched only, who can write, why, and what to do. Pure.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { MirrorLock } from '@/lib/contracts/link';
import { ErrorCode, ProtocolError } from '@/server/kafka/wire/errors';
import type { Self } from '../access/self';
import { grantCommand } from '../rights';
import type { LockPlan } from './derive-lock';

const SUPER_USERS = 'Super users of the brokers (super.users) always can; brokers do not tell who they are.';

/** @param stands whether all of the plan's bindings were seen in force */
export function lockView(plan: LockPlan, stands: boolean, self: Self, obstacle: string | null): MirrorLock {
  const rest = [...plan.notes, SUPER_USERS].join(' ');
  if (plan.open !== null) return watched(`${plan.open} ${rest}`);
  if (!stands || plan.needsSelf) {
    const who = plan.holders.includes('User:*') ? 'Everybody' : plan.holders.join(', ');
    const said = who === '' ? 'Who the link itself is has not been found out.' : `${who} can write.`;
    return watched(`${said} ${obstacle ?? 'The lock is being set.'} ${rest}`);
  }
  const link = self.superUser
    ? 'the link, whose principal is a super user'
    : (self.principal ?? 'the link itself');
  return { state: 'LOCKED', message: `Nobody but ${link} can write. ${rest}` };
}

export const watched = (message: string): MirrorLock => ({ state: 'WATCHED', message });

/** Why the ACLs of a cluster can't be read or changed, and what to do. */
export function obstacleOf(error: Error, cluster: ClusterConfig): string {
  const code = error instanceof ProtocolError ? error.code : null;
  if (code === ErrorCode.SECURITY_DISABLED)
    return `${cluster.name} has no authorizer: whoever reaches it can write.`;
  if (code === ErrorCode.CLUSTER_AUTHORIZATION_FAILED)
    return `The link's principal may not read and change ACLs on ${cluster.name}. Grant ALTER on the cluster: ${grantCommand(cluster, 'CLUSTER', ['ALTER'], [])}. It is noticed by itself.`;
  return `ACLs of ${cluster.name} could not be read or changed: ${error.message}. Tried again by itself.`;
}
