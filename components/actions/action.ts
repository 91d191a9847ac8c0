// What an action is. One object gives the button, the menu entry, the palette entry and the shortcut.
import type { LucideIcon } from 'lucide-react';

export type Action = {
  /** Stable; the same id registered later wins. */
  id: string;
  /** Imperative, sentence case, without its object when the page names it: "Pause". */
  label: string;
  /** Words of the label that are enough on a narrow screen, where what it is about stands beside it. */
  short?: string;
  /** Heading in the palette. */
  group: 'This page' | 'Go to' | 'Create' | 'Console' | 'Links and clusters';
  icon?: LucideIcon;
  /** Other words under which it is looked for. */
  keywords?: string;
  /** Keys pressed one after the other outside of text fields. */
  keys?: string;
  /** Why it cannot be done now; it stays visible. */
  disabledWhy?: string | null;
  danger?: boolean;
  /** Only found by typing: there are too many of its kind for the open list. */
  onlyTyped?: boolean;
  perform: () => void;
};

/** Ranks actions for what was typed: all words must occur; matches at the start of the label first. */
export function searchActions(actions: Action[], typed: string): Action[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return actions.filter(({ onlyTyped }) => !onlyTyped);
  return actions
    .map((action) => {
      const label = action.label.toLowerCase();
      const text = `${label} ${action.group} ${action.keywords ?? ''}`.toLowerCase();
      if (!words.every((word) => text.includes(word))) return null;
      const score = words.reduce(
        (sum, word) => sum + (label.startsWith(word) ? 0 : label.includes(word) ? 1 : 2),
        0,
      );
      return { action, score };
    })
    .filter((hit) => hit !== null)
    .sort((a, b) => a.score - b.score)
    .map((hit) => hit.action);
}
