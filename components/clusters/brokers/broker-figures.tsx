// The figures of a broker.
'use client';
import { Figure, Figures } from '@/components/ui/panel';
import { Value } from '@/components/ui/value';
import type { BrokerDetail } from '@/lib/contracts/monitoring/brokers';
import { formatBytes, formatDateTime, formatMillis, formatShare, groupDigits } from '@/lib/format';
import { whyMissing } from '../observed/gaps';
import { whyNoDisk } from './broker-columns';
import { roleWord } from './broker-words';
import { DisksAge } from './disks-age';
import { OutOfSync } from './out-of-sync';

export function BrokerFigures({ detail }: { detail: BrokerDetail }) {
  const { broker, gaps } = detail;
  const noDisk = whyNoDisk(gaps, broker.id);
  return (
    <Figures label="Figures">
      <Figure
        label="Address"
        className="max-md:col-span-2"
        note={[
          broker.rack === null ? 'no rack set' : `rack ${broker.rack}`,
          broker.certificateExpiresMs === null
            ? null
            : `certificate until ${formatDateTime(broker.certificateExpiresMs)}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      >
        <span className="block font-mono text-[13px]/5 font-normal break-all">
          <Value
            value={broker.host}
            format={(host) => `${host}:${broker.port}`}
            why="The cluster does not name it: nobody tells its address."
          />
        </span>
      </Figure>
      <Figure
        label="Latency, from here"
        note={`went or came back ${groupDigits(broker.stateChanges)} times since we watch`}
      >
        <Value
          value={broker.latencyMs}
          format={formatMillis}
          why={broker.why ?? 'It has not answered us yet.'}
        />
      </Figure>
      <Figure label="Leads" note={`of ${groupDigits(broker.replicas)} replicas on it`}>
        {groupDigits(broker.leaders)}
      </Figure>
      <Figure label="Not in sync" note="replicas on it">
        <OutOfSync count={broker.outOfSync} />
      </Figure>
      <Figure
        label="Logs"
        note={
          <>
            {broker.diskUsedRatio === null
              ? null
              : `fullest disk ${formatShare(broker.diskUsedRatio)} in use `}
            <DisksAge at={broker.disksOldSince} />
          </>
        }
      >
        <Value value={broker.logBytes} format={formatBytes} why={noDisk} />
      </Figure>
      <Figure label="Quorum" note={broker.kafkaVersion === null ? null : `Kafka ${broker.kafkaVersion}`}>
        <Value
          value={roleWord(broker.quorumRole)}
          format={String}
          why={whyMissing(gaps, ['QUORUM'], 'It is not named in the metadata quorum.')}
        />
      </Figure>
    </Figures>
  );
}
