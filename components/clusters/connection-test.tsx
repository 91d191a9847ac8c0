// What a connection test found, stage by stage; before it has run, what it will do.
'use client';
import { Panel } from '@/components/ui/panel';
import type { CheckStage, ClusterProbe } from '@/lib/contracts/cluster';
import { plural } from '@/lib/format';
import { type ClusterForm, usesSasl, usesTls } from './form-state';
import { StageList, StagesRunning } from './stage-list';

export function ConnectionTest({
  form,
  pending,
  probe,
}: {
  form: ClusterForm;
  pending: boolean;
  probe: ClusterProbe | null;
}) {
  return (
    <Panel title="Connection test" id="connection-test">
      {pending ? (
        <StagesRunning label="Stages of the test" stages={stagesOf(form)} />
      ) : probe ? (
        <>
          <p role="status" className="border-b px-4 py-2.5">
            {probe.reachable ? (
              <>
                <span className="font-semibold">Reachable.</span> {summary(probe)}
              </>
            ) : (
              <span className="font-semibold">Not reachable. The first failed stage says why.</span>
            )}
          </p>
          <StageList label="Stages of the test" checks={probe.checks} />
        </>
      ) : (
        <p className="px-4 py-3 text-soft">
          Tries the connection in stages, from the name to the brokers' metadata. Nothing is changed on the
          cluster and nothing is saved.
        </p>
      )}
    </Panel>
  );
}

function stagesOf(form: ClusterForm): CheckStage[] {
  return [
    'RESOLVE',
    'TCP',
    ...(usesTls(form) ? (['TLS'] as const) : []),
    ...(usesSasl(form) ? (['SASL'] as const) : []),
    'API_VERSIONS',
    'CLUSTER_ID',
    'METADATA',
  ];
}

const summary = (probe: ClusterProbe): string =>
  [
    probe.kafkaVersion ? `Kafka ${probe.kafkaVersion}` : null,
    plural(probe.brokers.length, 'broker'),
    probe.topicCount === null ? null : plural(probe.topicCount, 'topic'),
    probe.clusterId ? `cluster id ${probe.clusterId}` : null,
  ]
    .filter(Boolean)
    .join(', ');
