// What pages say of verification: sums of the newest snapshot, the last sweep, the differences that were found. Reads only.
import type { MirrorRow, mirrorDetail } from '@/lib/contracts/link';
import type { DifferenceReport, VerificationSummary } from '@/lib/contracts/verify';
import type { Metrics } from '@/server/metrics/metrics';
import { nothingVerified, verificationSummary } from '@/server/metrics/verification';
import type { Executor } from '@/server/store/store';
import { listDifferences } from '@/server/store/verification';
import type { CatalogLink, CatalogMirror } from './catalog';

export function mirrorVerification(
  metrics: Metrics,
  linkId: string,
  topic: string,
): MirrorRow['verification'] {
  const { frame } = metrics;
  const mirror = frame?.links.get(linkId)?.mirrors.get(topic)?.mirror;
  return frame && mirror ? verificationSummary(frame.columns, [mirror]) : nothingVerified;
}

export function linkVerification(metrics: Metrics, link: CatalogLink): VerificationSummary & { on: boolean } {
  const { frame } = metrics;
  const mirrors = frame?.links.get(link.id)?.mirrors.values() ?? [];
  const summary = frame
    ? verificationSummary(
        frame.columns,
        [...mirrors].map(({ mirror }) => mirror),
      )
    : nothingVerified;
  return { ...summary, on: isOn(link) };
}

export async function mirrorChecks(
  db: Executor,
  link: CatalogLink,
  { topic, sweep = null }: CatalogMirror,
): Promise<Pick<(typeof mirrorDetail)['_output'], 'sweep' | 'differences' | 'verified'>> {
  const reports = await listDifferences(db, link.id, topic);
  return { sweep, differences: reports.map(differenceView), verified: { on: isOn(link) } };
}

const isOn = ({ settings }: CatalogLink): boolean => settings['verify.budget.percent'] > 0;

function differenceView({ partition, foundAt, message, more, records, comparedFrom }: DifferenceReport) {
  return { partition, foundAt, message, more, offset: comparedFrom, records: records.length };
}
