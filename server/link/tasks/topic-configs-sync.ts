// The task that keeps mirror topics' configs in step with their sources'. The work is the config watch's.
import type { ConfigWatch } from '../config-watch';
import type { LinkCore } from '../link-core';
import type { TaskWork } from './link-tasks';

export function topicConfigsSync(core: LinkCore, configs: ConfigWatch): TaskWork {
  return {
    name: 'TopicConfigsSync',
    enabled: () => true,
    // A time of deletes that was lowered for a while must be seen also while nothing is mirrored.
    always: true,
    intervalMs: () => core.context.settings['topic.config.sync.ms'],
    run: async () => {
      const changed = await configs.look();
      const errors = [...core.topics.values()].flatMap(({ configTrouble }) =>
        configTrouble === null
          ? []
          : [
              {
                code: /AUTHORIZATION_FAILED/.test(configTrouble) ? 'AUTHORIZATION_ERROR' : 'INTERNAL_ERROR',
                message: configTrouble,
              },
            ],
      );
      return { errors, said: changed === 0 ? null : `Set configs of ${changed} mirror topics.` };
    },
  };
}
