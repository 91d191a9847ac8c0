// Colours of the theme as a canvas needs them. The tokens are CSS functions, so the browser is asked for what they come to.
export const seriesTones = ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8'] as const;
/** Colours of series beside each other say nothing of state. */
export type SeriesTone = (typeof seriesTones)[number];
const tones = ['accent', 'warn', 'bad', 'ok', 'held', 'soft', 'line', 'edge', ...seriesTones] as const;
export type Tone = (typeof tones)[number];

/** Resolves tokens at an element of the page. */
export function themeColours(within: HTMLElement): Record<Tone, string> {
  const probe = document.createElement('span');
  within.append(probe);
  const resolve = (tone: Tone): string => {
    probe.style.color = `var(--${tone})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(tones.map((tone) => [tone, resolve(tone)])) as Record<Tone, string>;
  probe.remove();
  return colours;
}

/** `rgb(1, 2, 3)` with an alpha. */
export const faded = (colour: string, alpha: number): string =>
  colour.replace(/^rgba?\(([^,]+),([^,]+),([^,)]+).*\)$/, `rgba($1,$2,$3,${alpha})`);
