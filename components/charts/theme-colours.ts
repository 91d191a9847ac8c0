// Colours of the theme as a canvas needs them. The tokens are CSS functions, so the browser is asked for what they come to.
export type Tone = 'accent' | 'warn' | 'bad' | 'ok' | 'held' | 'soft' | 'line' | 'edge';

/** Resolves tokens at an element of the page. */
export function themeColours(within: HTMLElement): Record<Tone, string> {
  const probe = document.createElement('span');
  within.append(probe);
  const resolve = (tone: Tone): string => {
    probe.style.color = `var(--${tone})`;
    return getComputedStyle(probe).color;
  };
  const colours: Record<Tone, string> = {
    accent: resolve('accent'),
    warn: resolve('warn'),
    bad: resolve('bad'),
    ok: resolve('ok'),
    held: resolve('held'),
    soft: resolve('soft'),
    line: resolve('line'),
    edge: resolve('edge'),
  };
  probe.remove();
  return colours;
}

/** `rgb(1, 2, 3)` with an alpha. */
export const faded = (colour: string, alpha: number): string =>
  colour.replace(/^rgba?\(([^,]+),([^,]+),([^,)]+).*\)$/, `rgba($1,$2,$3,${alpha})`);
