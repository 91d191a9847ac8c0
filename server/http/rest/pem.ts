// PEM text as it travels in Kafka's properties (on one line, divided by spaces, or with written-out \n) becomes text that every TLS library reads.

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;
const LINE_CHARACTERS = 64;

/** Text without a PEM block stays as it is: the contract refuses it. */
export function normalisedPem(text: string): string {
  const blocks = [...text.replaceAll('\\n', '\n').matchAll(BLOCK)].map(([, label, body = '']) => {
    // Old encrypted keys have headers (RFC 1421), whose lines are theirs.
    const lines = body.includes(':') ? [body.trim()] : (body.replace(/\s/g, '').match(LINES) ?? []);
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
  });
  return blocks.length === 0 ? text : blocks.join('');
}

const LINES = new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g');
