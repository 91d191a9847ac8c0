// Gives a running link other credentials for its clusters: what is open hands over to new connections, nothing is lost or
// overtaken, no partition stops. Addresses are another matter: they need a new runner.
import type { ClusterConfig } from '@/lib/contracts/cluster';
import type { DesiredLink } from '@/lib/contracts/engine';
import { wireSecurity } from '@/server/kafka/security';
import type { LinkCore } from './link-core';

/** Where a cluster is, without how to sign in to it. */
export const placeOf = ({ name, bootstrapServers }: ClusterConfig) => ({ name, bootstrapServers });

export function adoptCredentials(core: LinkCore, desired: DesiredLink): void {
  const { source, destination } = core.context;
  for (const [before, after, client, admin] of [
    [core.desired.source, desired.source, source, core.sourceAdmin],
    [core.desired.destination, desired.destination, destination, core.destinationAdmin],
  ] as const) {
    if (JSON.stringify(before.security) === JSON.stringify(after.security)) continue;
    admin.replaceConfig(after);
    client.replaceSecurity(wireSecurity(after)).then(
      () => {
        const message = `Signed in at ${after.name} with its new credentials; nothing was interrupted.`;
        core.ports.event(null, null, null, 'CREDENTIALS_CHANGED', message);
        core.context.log('info', message);
      },
      (error: Error) => {
        const message = `Not all connections to ${after.name} could take its new credentials, and go on with the old ones while these last: ${error.message}`;
        core.ports.event(null, null, null, 'CREDENTIALS_CHANGED', message);
        core.context.log('warn', message);
      },
    );
  }
}
