// PEM text as it travels in Kafka's properties (on one line, divided by spaces, or with written-out \n) becomes text that every TLS library reads.

const BEGIN = '-----BEGIN ';
const DASHES = '-----';
const LINE_CHARACTERS = 64;
const LINES = new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g');

/** Text without a whole PEM block stays as it is: the contract refuses it. */
export function normalisedPem(text: string): string {
  const plain = text.replaceAll('\\n', '\n');
  const blocks: string[] = [];
  // Searched forwards only, and given up at the first block without an end: a regular expression would start again at each.
  for (let start = plain.indexOf(BEGIN); start >= 0; ) {
    const labelEnd = plain.indexOf(DASHES, start + BEGIN.length);
    const label = labelEnd < 0 ? '' : plain.slice(start + BEGIN.length, labelEnd);
    if (!/^[A-Z0-9 ]{1,64}$/.test(label)) break;
    const bodyEnd = plain.indexOf(`-----END ${label}-----`, labelEnd);
    if (bodyEnd < 0) break;
    blocks.push(block(label, plain.slice(labelEnd + DASHES.length, bodyEnd)));
    start = plain.indexOf(BEGIN, bodyEnd);
  }
  return blocks.length === 0 ? text : blocks.join('');
}

function block(label: string, body: string): string {
  // Old encrypted keys have headers (RFC 1421), whose lines are theirs.
  const lines = body.includes(':') ? [body.trim()] : (body.replace(/\s/g, '').match(LINES) ?? []);
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
