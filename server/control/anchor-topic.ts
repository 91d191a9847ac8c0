// Writes anchors of the audit log to the Kafka topic that landbridge.yaml names, through the engine, which holds the connections.
import type { AuditAnchor } from '@/server/access/audit-anchor';
import type { AuditConfig } from '@/server/audit-config';
import type { EnginePort } from '@/server/engine-port';
import type { Catalog } from './catalog';

export function anchorTopic(
  { anchor: place }: AuditConfig,
  catalog: Catalog,
  engine: EnginePort,
): ((anchor: AuditAnchor) => Promise<void>) | null {
  if (place === null) return null;
  return async (anchor) => {
    const cluster = catalog.cluster(place.cluster).config;
    const record = { key: anchor.log, value: JSON.stringify(anchor) };
    await engine.request({ op: 'produceRecord', cluster, topic: place.topic, ...record });
  };
}
