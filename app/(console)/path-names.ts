// Names in paths. Whatever Kafka or Landbridge could not have called a thing leads to the "not found" page.
import { notFound } from 'next/navigation';
import { objectName, topicName } from '@/lib/contracts/common';

export function objectNameIn(segment: string): string {
  const name = objectName.safeParse(segment);
  return name.success ? name.data : notFound();
}

export function topicNameIn(segment: string): string {
  const name = topicName.safeParse(segment);
  return name.success ? name.data : notFound();
}

/** Ids are made by the server: letters, digits and dashes. */
export function idIn(segment: string): string {
  return /^[A-Za-z0-9-]{1,100}$/.test(segment) ? segment : notFound();
}

/** Consumer groups may be called anything: the segment is percent-encoded, and Next leaves it so. */
export function groupNameIn(segment: string): string {
  try {
    const name = decodeURIComponent(segment);
    return name === '' ? notFound() : name;
  } catch {
    return notFound();
  }
}

/** Node ids of Kafka are whole numbers from 0 on. */
export function brokerIdIn(segment: string): number {
  return /^\d{1,10}$/.test(segment) ? Number(segment) : notFound();
}

/** As rules are called: an area, a dot, a name. */
export function ruleIdIn(segment: string): string {
  return /^[a-z]+(\.[a-z0-9-]+)+$/.test(segment) && segment.length <= 100 ? segment : notFound();
}
