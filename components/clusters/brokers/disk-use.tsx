// How full a disk is: the share, a bar, and a shape where it is too full.
import { StateShape } from '@/components/links/state-badge';
import { formatShare } from '@/lib/format';
import { diskLook } from './broker-words';

const tones = { square: 'bg-bad', triangle: 'bg-warn' } as const;

export function DiskUse({ ratio }: { ratio: number }) {
  const shape = diskLook(ratio);
  const tone = shape === 'square' || shape === 'triangle' ? tones[shape] : 'bg-soft';
  return (
    <span className="inline-flex items-center gap-2 align-middle">
      {shape ? <StateShape shape={shape} /> : null}
      <span className="min-w-11 text-right">{formatShare(ratio)}</span>
      <span aria-hidden className="inline-block h-1.5 w-16 overflow-clip rounded-sm bg-line max-md:hidden">
        <span className={`block h-full ${tone}`} style={{ width: `${Math.min(100, ratio * 100)}%` }} />
      </span>
    </span>
  );
}
