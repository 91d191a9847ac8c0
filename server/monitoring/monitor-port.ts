// What the rest of the server knows of the data thread: typed questions. Knows no thread.
import { z } from 'zod';
import { alertDetail, alertPage } from '@/lib/contracts/monitoring/alerts';
import { brokerDetail, brokersPage, quorumView } from '@/lib/contracts/monitoring/brokers';
import { clusterSummary } from '@/lib/contracts/monitoring/cluster-summary';
import { channelTest, deliveryPage } from '@/lib/contracts/monitoring/deliveries';
import { groupDetail, groupsPage } from '@/lib/contracts/monitoring/groups';
import { nextReport, otlpStatus } from '@/lib/contracts/monitoring/health-report';
import { historyAnswer } from '@/lib/contracts/monitoring/history';
import { libraryView } from '@/lib/contracts/monitoring/rules';
import { type MonitorAnswers, type MonitorRequest, monitorStatus } from '@/lib/contracts/monitoring/thread';
import { topicConfigsView, topicDetail, topicsPage } from '@/lib/contracts/monitoring/topics';
import { type ErrorCode, LandbridgeError } from '@/server/errors';
import { brokersTimeoutMs, hubTimeoutMs, monitorTimeoutMs } from '@/server/intervals';
import { Questions, type QuestionTable } from '@/server/threads/questions';
import type { ThreadStatus } from '@/server/threads/thread-supervisor';

export type MonitorPort = {
  readonly status: ThreadStatus;
  /** @throws LandbridgeError MONITORING_UNAVAILABLE, or what the question failed of */
  ask<Op extends MonitorRequest['op']>(
    request: Extract<MonitorRequest, { op: Op }>,
  ): Promise<MonitorAnswers[Op]>;
};

const schemas: QuestionTable<MonitorRequest, MonitorAnswers>['schemas'] = {
  status: monitorStatus,
  exposition: z.string(),
  summary: clusterSummary.nullable(),
  topics: topicsPage.nullable(),
  groups: groupsPage.nullable(),
  brokers: brokersPage.nullable(),
  quorum: quorumView.nullable(),
  topic: z.object({ found: topicDetail.nullable() }).nullable(),
  topicConfigs: z.object({ found: topicConfigsView.nullable() }).nullable(),
  group: z.object({ found: groupDetail.nullable() }).nullable(),
  history: historyAnswer,
  alerts: alertPage,
  alert: alertDetail.nullable(),
  acknowledge: z.null(),
  rules: libraryView,
  deliveries: deliveryPage,
  sendAgain: z.null(),
  testChannel: channelTest,
  broker: z.object({ found: brokerDetail.nullable() }).nullable(),
  healthReport: z.object({ report: nextReport.nullable(), otlp: otlpStatus.nullable() }),
  // Large, and made by types of the same contract: checked where it is answered to people.
  hub: z.custom<MonitorAnswers['hub']>(),
};

/** What a question may fail of while monitoring itself is well. */
const ownCodes = [
  'NOT_FOUND',
  'ALERT_ACKNOWLEDGED',
  'KAFKA_REQUEST_FAILED',
] as const satisfies readonly ErrorCode[];

export const monitorQuestions = () =>
  new Questions<MonitorRequest, MonitorAnswers>({
    schemas,
    limitsMs: {
      ...(Object.fromEntries(Object.keys(schemas).map((op) => [op, monitorTimeoutMs])) as Record<
        MonitorRequest['op'],
        number
      >),
      topicConfigs: brokersTimeoutMs,
      hub: hubTimeoutMs,
    },
    onTimeout: ({ op }, limitMs) =>
      monitoringUnavailable(`Monitoring has not answered "${op}" within ${limitMs / 1000} s.`),
    onFailure: ({ op }, words, code) =>
      new LandbridgeError(
        ownCodes.find((own) => own === code) ?? 'MONITORING_UNAVAILABLE',
        words ?? `Monitoring could not answer "${op}".`,
      ),
    onGone: monitoringUnavailable,
  });

export function monitoringUnavailable(reason: string): LandbridgeError {
  return new LandbridgeError(
    'MONITORING_UNAVAILABLE',
    `${reason} Links go on without it; it is started again by itself, try again in some seconds.`,
  );
}
