// Typed questions to the engine: each has a time limit, and fails at once when no engine can answer. Knows no thread.
import { z } from 'zod';
import { aclPreview } from '@/lib/contracts/acl-sync';
import { clusterProbe, topicView } from '@/lib/contracts/cluster';
import { bigintString } from '@/lib/contracts/common';
import { groupDetail, groupPage, groupPreview } from '@/lib/contracts/consumer-group';
import {
  backCheck,
  deletedTopic,
  type EngineAnswers,
  type EngineRequest,
  linkCheck,
  mirrorVerdict,
  recordLines,
  topicLook,
} from '@/lib/contracts/engine';
import { linkTask } from '@/lib/contracts/link-task';
import { oldTopicLook, partingLook } from '@/lib/contracts/remake';
import { checkedAgain } from '@/lib/contracts/repair';
import { mirrorConfigsView } from '@/lib/contracts/topic-config-sync';
import { LandbridgeError } from './errors';
import {
  aclsTimeoutMs,
  checkAgainTimeoutMs,
  checkLinkTimeoutMs,
  checkMirrorsTimeoutMs,
  deleteTopicsTimeoutMs,
  engineSilentAfterMs,
  groupsTimeoutMs,
  listTopicsTimeoutMs,
  probeTimeoutMs,
  produceRecordTimeoutMs,
  runTaskTimeoutMs,
  topicLookTimeoutMs,
} from './intervals';
import { Questions } from './threads/questions';
import type { ThreadStatus } from './threads/thread-supervisor';

export type EngineStatus = ThreadStatus;

/** What the rest of the server knows of the engine. */
export type EnginePort = {
  readonly status: EngineStatus;
  /** @throws LandbridgeError ENGINE_UNAVAILABLE, ENGINE_TIMEOUT or KAFKA_REQUEST_FAILED */
  request<Op extends EngineRequest['op']>(
    request: Extract<EngineRequest, { op: Op }>,
  ): Promise<EngineAnswers[Op]>;
};

const answerSchemas: { [Op in EngineRequest['op']]: z.ZodType<EngineAnswers[Op]> } = {
  probeCluster: clusterProbe,
  listTopics: z.array(topicView),
  checkLink: linkCheck,
  checkBack: backCheck,
  checkMirrors: z.array(mirrorVerdict),
  produceRecord: z.object({ offset: bigintString }),
  runTask: linkTask,
  previewAcls: aclPreview,
  releaseAcls: z.object({ left: z.array(z.string()) }),
  lookAtTopics: z.array(topicLook),
  deleteTopics: z.array(deletedTopic),
  liftFence: z.object({ left: z.array(z.string()) }),
  groups: groupPage,
  group: groupDetail.nullable(),
  previewGroups: groupPreview,
  mirrorConfigs: mirrorConfigsView.nullable(),
  checkAgain: checkedAgain,
  lookAtTopic: oldTopicLook.nullable(),
  lookAtParting: partingLook,
  recordsOfSource: recordLines,
};

const limitsMs: Record<EngineRequest['op'], number> = {
  probeCluster: probeTimeoutMs,
  listTopics: listTopicsTimeoutMs,
  checkLink: checkLinkTimeoutMs,
  checkBack: checkLinkTimeoutMs,
  checkMirrors: checkMirrorsTimeoutMs,
  produceRecord: produceRecordTimeoutMs,
  runTask: runTaskTimeoutMs,
  previewAcls: aclsTimeoutMs,
  releaseAcls: aclsTimeoutMs,
  liftFence: aclsTimeoutMs,
  lookAtTopics: listTopicsTimeoutMs,
  deleteTopics: deleteTopicsTimeoutMs,
  groups: groupsTimeoutMs,
  group: groupsTimeoutMs,
  previewGroups: groupsTimeoutMs,
  mirrorConfigs: groupsTimeoutMs,
  checkAgain: checkAgainTimeoutMs,
  lookAtTopic: topicLookTimeoutMs,
  lookAtParting: topicLookTimeoutMs,
  recordsOfSource: topicLookTimeoutMs,
};

export const engineQuestions = () =>
  new Questions<EngineRequest, EngineAnswers>({
    schemas: answerSchemas,
    limitsMs,
    onTimeout: (request, limitMs) =>
      new LandbridgeError(
        'ENGINE_TIMEOUT',
        `The engine has not finished ${what(request)} within ${limitMs / 1000} s. Try again; if it stays so, look at the brokers' load.`,
      ),
    onFailure: (request, words) =>
      new LandbridgeError('KAFKA_REQUEST_FAILED', words ?? `${what(request)} failed.`),
    onGone: engineUnavailable,
  });

export function engineUnavailable(reason: string): LandbridgeError {
  return new LandbridgeError(
    'ENGINE_UNAVAILABLE',
    `${reason} Nothing was changed; it is started again by itself, try again in some seconds.`,
  );
}

export const silentReason = `The engine has not answered for more than ${engineSilentAfterMs / 1000} s.`;

function what(request: EngineRequest): string {
  switch (request.op) {
    case 'probeCluster':
      return `the connection test of cluster ${request.cluster.name}`;
    case 'listTopics':
      return `the list of topics of cluster ${request.cluster.name}`;
    case 'checkLink':
      return `the checks of link ${request.name}`;
    case 'checkBack':
      return `the checks of the way back of link ${request.name}`;
    case 'checkMirrors':
      return `the checks of ${request.mirrors.length} mirror topics`;
    case 'runTask':
      return `${request.task} of link ${request.link}`;
    case 'previewAcls':
      return `the look at ACLs of link ${request.link}`;
    case 'releaseAcls':
      return `the removal of ACLs of link ${request.link}`;
    case 'lookAtTopics':
      return `the look at ${request.topics.length} topics of cluster ${request.cluster.name}`;
    case 'deleteTopics':
      return `the deletion of ${request.topics.length} topics of cluster ${request.cluster.name}`;
    case 'liftFence':
      return `the removal of the fence of link ${request.link}`;
    case 'groups':
    case 'group':
    case 'previewGroups':
      return `the question for the consumer groups of link ${request.link}`;
    case 'mirrorConfigs':
      return `the question for the configs of ${request.topic}`;
    case 'checkAgain':
      return `the second look at ${request.topic} of link ${request.link}`;
    case 'lookAtTopic':
    case 'lookAtParting':
      return `the look at ${request.topic} of link ${request.link}`;
    case 'recordsOfSource':
      return `reading ${request.sourceTopic} of link ${request.link}`;
    case 'produceRecord':
      return `the record for ${request.topic} on cluster ${request.cluster.name}`;
  }
}
