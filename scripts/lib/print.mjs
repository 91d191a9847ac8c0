// What the scripts write to the terminal: headings, results and times, in one place so that they look alike.

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text) => paint('1', text);
export const dim = (text) => paint('2', text);
export const red = (text) => paint('31', text);
export const green = (text) => paint('32', text);
export const yellow = (text) => paint('33', text);

export const say = (text = '') => process.stdout.write(`${text}\n`);

/** "0.4 s", "12 s", "3 min 05 s" */
export function duration(ms) {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** An error that a person can mend: its message is printed without a stack, and the script ends with code 1. */
export class Complaint extends Error {}

/** Runs a script's main function; complaints are printed as they are, everything else with its stack. */
export async function runMain(main) {
  try {
    const code = await main();
    process.exitCode = code ?? 0;
  } catch (error) {
    process.stderr.write(
      `${red(error instanceof Complaint ? error.message : (error.stack ?? String(error)))}\n`,
    );
    process.exitCode = 1;
  }
}
