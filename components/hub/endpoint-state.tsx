// How an endpoint of reports or of OTLP is, as shape and word: the same wherever one is shown.
import { StateShape } from '@/components/links/state-badge';
import type { Shape } from '@/components/links/states';
import { Lasting } from '@/components/shell/age';
import type { EndpointState, EndpointStatus } from '@/lib/contracts/monitoring/health-report';

const looks: Record<EndpointState, { shape: Shape; word: string }> = {
  UNTRIED: { shape: 'ring', word: 'Not tried yet' },
  REACHABLE: { shape: 'circle', word: 'Reachable' },
  UNREACHABLE: { shape: 'square', word: 'Not reachable' },
  UNAUTHENTICATED: { shape: 'square', word: 'Does not know this console' },
  FORBIDDEN: { shape: 'square', word: 'Does not let this console report' },
  WRONG_ADDRESS: { shape: 'square', word: 'Takes nothing at this address' },
  CONFLICT: { shape: 'triangle', word: 'Another console has the same key' },
  REFUSING: { shape: 'triangle', word: 'Refuses what it is sent' },
  BUSY: { shape: 'triangle', word: 'Asks to wait' },
  FAILING: { shape: 'triangle', word: 'Fails' },
};

export function EndpointHead({ endpoint: { address, state, since } }: { endpoint: EndpointStatus }) {
  const { shape, word } = looks[state];
  return (
    <span className="flex flex-wrap items-baseline gap-x-4">
      <span className="inline-flex items-baseline gap-2">
        <StateShape shape={shape} />
        <span>
          <span className="font-medium">{word}</span>
          <span className="text-soft">
            {' '}
            for <Lasting since={since} />
          </span>
        </span>
      </span>
      <span className="font-mono break-all text-soft">{address}</span>
    </span>
  );
}
