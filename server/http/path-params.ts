// Contracts of the path segments that routes share.
import { z } from 'zod';
import { objectName, topicName } from '@/lib/contracts/common';
import { linkTaskName } from '@/lib/contracts/link-task';

export const clusterPath = z.object({ name: objectName });
export const linkPath = z.object({ destination: objectName, name: objectName });
export const taskPath = linkPath.extend({ task: linkTaskName });
export const operationPath = linkPath.extend({ id: z.string().min(1).max(100) });
export const groupPath = linkPath.extend({ group: z.string().min(1).max(1_000) });
export const mirrorPath = linkPath.extend({ topic: topicName });
export const idPath = z.object({ id: z.string().min(1).max(100) });

export const observedTopicPath = clusterPath.extend({ topic: topicName });
export const observedGroupPath = clusterPath.extend({ group: z.string().max(1_000) });
export const observedBrokerPath = clusterPath.extend({
  broker: z.coerce.number().int().min(-1).max(2_147_483_647),
});
