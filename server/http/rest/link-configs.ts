// /kafka/v3/…/links/{link}/configs: list, see, set, set back to the default, and several at once.

import { linkSettingsPatch } from '@/lib/contracts/api';
import {
  restAlterConfigs,
  restLinkConfig,
  restLinkConfigList,
  restUpdateConfig,
} from '@/lib/contracts/kafka-rest';
import { FIXED_SETTINGS } from '@/lib/contracts/link';
import type { Actor } from '@/server/access/actor';
import type { CatalogLink } from '@/server/control/catalog';
import { settingRows } from '@/server/control/setting-rows';
import { LandbridgeError } from '@/server/errors';
import type { Runtime } from '@/server/runtime';
import { parseInput } from '../parse-input';
import { restRoute } from './dialect';
import { configParams, linkParams, requireLink, validateOnly } from './find';
import { isSetting, settingValue } from './link-configs-input';
import { configShape, linkUrl } from './shapes';

type Change = { name: string; value: string | null };

export const listRestLinkConfigs = restRoute({
  access: 'viewer',
  params: linkParams,
  response: restLinkConfigList,
  handler: ({ runtime, actor, baseUrl, params }) => {
    const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
    return {
      kind: 'KafkaLinkConfigDataList' as const,
      metadata: { self: `${linkUrl(baseUrl, params.cluster_id, link.name)}/configs`, next: null },
      data: configsOf(runtime, link).map((config) => configShape(baseUrl, link, config)),
    };
  },
});

export const getRestLinkConfig = restRoute({
  access: 'viewer',
  params: configParams,
  response: restLinkConfig,
  handler: ({ runtime, actor, baseUrl, params }) => {
    const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
    const config = configsOf(runtime, link).find(({ name }) => name === params.config_name);
    if (!config) throw new LandbridgeError('NOT_FOUND', `A link has no config "${params.config_name}".`);
    return configShape(baseUrl, link, config);
  },
});

export const setRestLinkConfig = restRoute({
  access: 'operator',
  params: configParams,
  body: restUpdateConfig,
  response: null,
  handler: ({ runtime, actor, params, body }) => {
    const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
    return alter(runtime, actor, link, [{ name: params.config_name, value: body.value }], false);
  },
});

export const resetRestLinkConfig = restRoute({
  access: 'operator',
  params: configParams,
  response: null,
  handler: ({ runtime, actor, params }) => {
    const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
    return alter(runtime, actor, link, [{ name: params.config_name, value: null }], false);
  },
});

export const alterRestLinkConfigs = restRoute({
  access: 'operator',
  params: linkParams,
  query: validateOnly,
  body: restAlterConfigs,
  response: null,
  handler: ({ runtime, actor, params, query, body }) => {
    const link = requireLink(runtime, actor, params.cluster_id, params.link_name);
    const changes = body.data.map(({ name, value, operation }): Change => {
      if (operation === 'DELETE') return { name, value: null };
      if (value !== null && value !== undefined) return { name, value };
      throw new LandbridgeError('INVALID_REQUEST', `Config ${name} has no value; to reset it, use DELETE.`);
    });
    return alter(runtime, actor, link, changes, query.validate_only || body.validate_only);
  },
});

async function alter(
  runtime: Runtime,
  actor: Actor,
  { destination, name }: CatalogLink,
  changes: readonly Change[],
  validate: boolean,
): Promise<void> {
  const unknown = changes.find((change) => !isSetting(change.name));
  if (unknown) {
    throw new LandbridgeError(
      'INVALID_REQUEST',
      `Config ${unknown.name} cannot be set on a link. Address and security are edited on the registered cluster.`,
    );
  }
  const fixed = changes.find((change) => (FIXED_SETTINGS as readonly string[]).includes(change.name));
  if (fixed) {
    throw new LandbridgeError(
      'INVALID_REQUEST',
      `Config ${fixed.name} is chosen when a link is created and never changed.`,
    );
  }
  const values = changes.map((change) => [change.name, settingValue(change.name, change.value)]);
  const patch = parseInput(linkSettingsPatch, Object.fromEntries(values), 'body');
  await runtime.links.patchSettings(actor, { destination, name }, patch, validate);
}

function configsOf(runtime: Runtime, link: CatalogLink) {
  const source = runtime.catalog.findCluster(link.source)?.config;
  const fixed = (name: string, value: string) => ({ name, value, isDefault: false, readOnly: true });
  return [
    ...settingRows(link.settings).map(({ key, value, isDefault, fixed: readOnly }) => ({
      ...{ name: key, value, isDefault, readOnly },
    })),
    ...(source
      ? [
          fixed('bootstrap.servers', source.bootstrapServers.join(',')),
          fixed('security.protocol', source.security.protocol),
        ]
      : []),
  ];
}
