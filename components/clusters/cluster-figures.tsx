// The facts of a cluster in one row.
'use client';
import { Figure, Figures } from '@/components/ui/panel';
import { Value } from '@/components/ui/value';
import type { ClusterView } from '@/lib/contracts/cluster';
import { formatMillis, groupDigits } from '@/lib/format';

const why = 'Not known: the cluster has not answered yet.';

export function ClusterFigures({ cluster }: { cluster: ClusterView }) {
  const { probe, security } = cluster;
  const brokers = probe?.reachable ? probe.brokers.length : null;
  return (
    <Figures label="Facts">
      <Figure
        label="Kafka"
        note={probe?.clusterId ? <span className="font-mono break-all">{probe.clusterId}</span> : null}
      >
        <Value value={probe?.kafkaVersion ?? null} format={String} why={why} />
      </Figure>
      <Figure
        label="Brokers"
        note={
          probe?.controllerId === null || probe?.controllerId === undefined
            ? null
            : `controller ${probe.controllerId}`
        }
      >
        <Value value={brokers} format={groupDigits} why={why} />
      </Figure>
      <Figure
        label="Topics"
        note={
          probe?.partitionCount === null || probe?.partitionCount === undefined
            ? null
            : `${groupDigits(probe.partitionCount)} partitions`
        }
      >
        <Value value={probe?.topicCount ?? null} format={groupDigits} why={why} />
      </Figure>
      <Figure label="Round trip">
        <Value value={probe?.rttMs ?? null} format={formatMillis} why={why} />
      </Figure>
      <Figure
        label="Security"
        className="max-md:col-span-2"
        note={
          security.saslUsername
            ? `${security.saslMechanism ?? 'SASL'} as ${security.saslUsername}`
            : 'no sign-in'
        }
      >
        <span className="text-base">{security.protocol}</span>
      </Figure>
    </Figures>
  );
}
