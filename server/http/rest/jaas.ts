// Reads `sasl.jaas.config` as Kafka's clients have it: a login module and its options. Messages never repeat the text: it holds
// secrets. In one pass, from left to right: whoever may send this text must not be able to keep the server busy with it.

export type JaasConfig = { module: string; options: ReadonlyMap<string, string> };

const HEAD = /^\s*([\w.$]+)\s+(?:required|requisite|sufficient|optional)(?=[\s;]|$)/;
/** name="value", with backslashes before quotes; also 'value' and a bare word. Sticky: tried only where the last one ended. */
const OPTION = /\s*([\w.-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^\s"';]+))/y;

/** @returns null when it is none */
export function readJaas(text: string): JaasConfig | null {
  const head = HEAD.exec(text);
  if (!head) return null;
  const options = new Map<string, string>();
  let at = head[0].length;
  for (;;) {
    OPTION.lastIndex = at;
    const option = OPTION.exec(text);
    if (!option) break;
    const [, name = '', double, single, bare] = option;
    options.set(name, bare ?? (double ?? single ?? '').replace(/\\(.)/g, '$1'));
    at = OPTION.lastIndex;
  }
  const rest = text.slice(at).trim();
  if (rest !== '' && rest !== ';') return null;
  const module = head[1]?.split('.').at(-1) ?? '';
  return { module, options };
}
