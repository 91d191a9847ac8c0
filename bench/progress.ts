// Progress for a person, on stderr: stdout belongs to the one line of JSON.
const begin = performance.now();

export function progress(text: string): void {
  const seconds = ((performance.now() - begin) / 1000).toFixed(1).padStart(6);
  process.stderr.write(`${seconds} s  ${text}\n`);
}
