// Topic configs as they are typed: one `name=value` a line. Pure.

/** @returns the configs, or what is wrong with the first line that is none */
export function configsIn(text: string): Record<string, string> | string {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const at = line.indexOf('=');
    const name = line.slice(0, at).trim();
    if (at < 1) return `Write name=value: “${line.trim()}” has no “=”.`;
    if (name in found) return `${name} is there twice.`;
    found[name] = line.slice(at + 1).trim();
  }
  return found;
}
