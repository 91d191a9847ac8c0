// How far a message has come, as shape + word + colour.
import { deliveryWord } from '@/components/health/words';
import { StateShape } from '@/components/links/state-badge';
import type { Shape } from '@/components/links/states';
import type { DeliveryState as State } from '@/lib/contracts/monitoring/deliveries';

const shapes: Record<State, Shape> = {
  WAITING: 'ring',
  DELIVERED: 'circle',
  DEAD: 'square',
  CANCELLED: 'stopped',
};

export const DeliveryShape = ({ state }: { state: State }) => <StateShape shape={shapes[state]} />;

export function DeliveryState({ state }: { state: State }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <DeliveryShape state={state} />
      {deliveryWord[state]}
    </span>
  );
}
