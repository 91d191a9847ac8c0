// What every step of creating a link is handed.
import type { LinkDraft, Step } from './draft';

export type StepProps = {
  draft: LinkDraft;
  change: (changes: Partial<LinkDraft>) => void;
  go: (step: Step) => void;
};
