// Contracts of the path segments that routes share.
import { z } from 'zod';
import { objectName, topicName } from '@/lib/contracts/common';

export const clusterPath = z.object({ name: objectName });
export const linkPath = z.object({ destination: objectName, name: objectName });
export const mirrorPath = linkPath.extend({ topic: topicName });
export const idPath = z.object({ id: z.string().min(1).max(100) });
