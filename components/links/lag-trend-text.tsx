// Where a lag is going, in a few words.
import type { History } from '@/lib/contracts/link';
import { formatDuration, formatRate } from '@/lib/format';
import { type LagTrend, lagTrend } from '@/lib/lag-trend';

export function LagTrendText({ history, current }: { history: History; current: string | null }) {
  return <>{words(lagTrend(history.timesMs, history.lagMessages, current))}</>;
}

function words(trend: LagTrend): string {
  switch (trend.kind) {
    case 'unknown':
      return 'trend not known yet';
    case 'in-step':
      return 'in step';
    case 'steady':
      return 'steady';
    case 'growing':
      return `growing by ${formatRate(trend.messagesPerSecond)}/s`;
    case 'shrinking':
      return `caught up in about ${formatDuration(trend.secondsLeft)}`;
  }
}
