// What people do with the tasks of a link: run one now. The engine does the work, and answers with how it went.
import type { LinkTask, LinkTaskName } from '@/lib/contracts/link-task';
import type { Actor } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { type LinkDeps, type LinkPath, targetOf } from './link-operations';
import { linkTarget, Visible } from './visible';

export class Tasks {
  readonly #deps: LinkDeps;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  /** @throws LandbridgeError KAFKA_REQUEST_FAILED when the task is switched off or the link does not run */
  runNow(actor: Actor, path: LinkPath, task: LinkTaskName): Promise<LinkTask> {
    const { catalog, engine, audit } = this.#deps;
    const link = new Visible(catalog, actor).link(path.destination, path.name);
    authorise(actor, 'operator', linkTarget(link));
    const operation = { actor, operation: 'run link task', target: targetOf(link), details: { task } };
    return audit.around(operation, () =>
      engine.request({ op: 'runTask', linkId: link.id, link: link.name, task }),
    );
  }
}
