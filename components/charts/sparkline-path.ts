// Computes the path of a sparkline. Pure.

const PADDING = 1.5;

/** A line per run of known values; a lone value between gaps becomes a dot. */
export function sparklinePaths(
  values: (number | null)[],
  width: number,
  height: number,
): { line: string; dots: string } {
  const top = Math.max(0, ...values.filter((v) => v !== null)) || 1;
  const x = (i: number) => (values.length < 2 ? width / 2 : (i / (values.length - 1)) * width);
  const y = (v: number) => height - PADDING - (v / top) * (height - 2 * PADDING);
  let line = '';
  let dots = '';
  values.forEach((value, i) => {
    if (value === null) return;
    const at = `${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    const before = i > 0 ? values[i - 1] : null;
    const after = i < values.length - 1 ? values[i + 1] : null;
    if (before === null && (after === null || after === undefined)) dots += `M${at}h0`;
    else line += `${before === null || before === undefined ? 'M' : 'L'}${at}`;
  });
  return { line, dots };
}
