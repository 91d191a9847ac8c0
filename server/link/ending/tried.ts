// One try of a step of an operation, ending or making anew: what stands in the way is told and tried again, only the end of the work goes through.
import { KafkaError } from '@/server/kafka/wire/errors';
import type { LinkCore } from '../link-core';
import { isEndOfWork } from './interruptions';

/**
 * @param what for the log: the step, in words
 * @returns null when it is done, or what it waits for, in whole sentences
 * @throws what ends the operation
 */
export async function tried(
  { context }: LinkCore,
  topic: string,
  what: string,
  attempt: () => Promise<string | null>,
): Promise<string | null> {
  try {
    return await attempt();
  } catch (error) {
    if (isEndOfWork(error)) throw error;
    const { message, stack } = error as Error;
    const unexpected = !(error instanceof KafkaError);
    context.log(unexpected ? 'error' : 'debug', `${topic}, ${what}: ${unexpected ? stack : message}`);
    return `${message.charAt(0).toUpperCase()}${message.slice(1)}. Tried again by itself.`;
  }
}
