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
