// Reads `sasl.jaas.config` as Kafka's clients have it: a login module and its options. Messages never repeat the text: it holds secrets.

export type JaasConfig = { module: string; options: ReadonlyMap<string, string> };

const ENTRY = /^\s*([\w.$]+)\s+(?:required|requisite|sufficient|optional)\s*([\s\S]*?);?\s*$/;
/** name="value", with backslashes before quotes; also 'value' and a bare word. */
const OPTION = /([\w.-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^\s"';]+))/g;

/** @returns null when it is none */
export function readJaas(text: string): JaasConfig | null {
  const entry = ENTRY.exec(text);
  if (!entry) return null;
  const options = new Map<string, string>();
  for (const [, name = '', double, single, bare] of (entry[2] ?? '').matchAll(OPTION))
    options.set(name, bare ?? (double ?? single ?? '').replace(/\\(.)/g, '$1'));
  const module = entry[1]?.split('.').at(-1) ?? '';
  return { module, options };
}
