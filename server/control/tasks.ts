// What people do with the tasks of a link: run one now. The engine does the work, and answers with how it went.
import type { LinkSettings } from '@/lib/contracts/link';
import type { LinkTask, LinkTaskName } from '@/lib/contracts/link-task';
import type { Actor } from '@/server/access/actor';
import { authorise } from '@/server/access/authorise';
import { LandbridgeError } from '@/server/errors';
import type { CatalogLink } from './catalog';
import { type LinkDeps, type LinkPath, targetOf } from './link-operations';
import { linkTarget, Visible } from './visible';

export class Tasks {
  readonly #deps: LinkDeps;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  /** @throws LandbridgeError TASK_STATE when the task is switched off or the link paused, KAFKA_REQUEST_FAILED when the link cannot run */
  runNow(actor: Actor, path: LinkPath, task: LinkTaskName): Promise<LinkTask> {
    const { catalog, engine, audit } = this.#deps;
    const link = new Visible(catalog, actor).link(path.destination, path.name);
    authorise(actor, 'operator', linkTarget(link));
    requireRunning(link, task);
    const operation = { actor, operation: 'run link task', target: targetOf(link), details: { task } };
    return audit.around(operation, () =>
      engine.request({ op: 'runTask', linkId: link.id, link: link.name, task }),
    );
  }
}

const switches = {
  ConsumerOffsetSync: 'consumer.offset.sync.enable',
  AutoCreateMirror: 'auto.create.mirror.topics.enable',
  AclSync: 'acl.sync.enable',
  TopicConfigsSync: null,
} as const satisfies Record<LinkTaskName, keyof LinkSettings | null>;

function requireRunning({ name, settings }: CatalogLink, task: LinkTaskName): void {
  const setting = switches[task];
  if (setting !== null && !settings[setting])
    throw new LandbridgeError(
      'TASK_STATE',
      `${task} is not switched on for link "${name}": set ${setting} to true first.`,
    );
  if (settings['cluster.link.paused'])
    throw new LandbridgeError(
      'TASK_STATE',
      `Link "${name}" is paused, so ${task} does not run: resume it first.`,
    );
}
