// What all operations of a link work with.
import type { ConfigWatch } from '../config-watch';
import type { HeadFiller } from '../head-filler';
import type { MirrorTopic } from '../mirror-topic';
import type { BackChecks } from './check-back';
import type { DestinationLooks } from './destination-look';
import type { Fences } from './fences';
import type { EndingPorts } from './ports';
import type { SourceLooks } from './source-look';

export type EndingParts = {
  readonly sources: SourceLooks;
  readonly destinations: DestinationLooks;
  readonly fences: Fences;
  readonly back: BackChecks;
  readonly heads: HeadFiller;
  readonly configs: ConfigWatch;
  readonly ports: EndingPorts;
  /** The mirror is an ordinary topic now. */
  stopped(topic: MirrorTopic): void;
  /** The operation has ended without stopping the mirror. */
  goOn(topic: MirrorTopic): void;
};
