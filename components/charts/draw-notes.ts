// Draws a limit and moments over a chart: a dashed line across, and lines down with a word each. Screen readers get the same in text.
import type uPlot from 'uplot';
import type { ChartNotes } from './uplot-options';

const FONT_PX = 11;
const GAP_PX = 4;

export function drawNotes(
  chart: uPlot,
  { limit, marks = [] }: ChartNotes,
  colours: { limit: string; mark: string },
): void {
  if (!limit && marks.length === 0) return;
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = ratio;
  ctx.font = `${FONT_PX * ratio}px ui-sans-serif, system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  const line = (x1: number, y1: number, x2: number, y2: number) => {
    ctx.beginPath();
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    ctx.stroke();
  };
  if (limit) {
    const y = Math.round(chart.valToPos(limit.value, 'y', true)) + 0.5;
    ctx.strokeStyle = colours.limit;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    line(bbox.left, y, bbox.left + bbox.width, y);
  }
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.mark;
  ctx.fillStyle = colours.mark;
  for (const { atMs, label } of marks) {
    const x = Math.round(chart.valToPos(atMs, 'x', true)) + 0.5;
    line(x, bbox.top, x, bbox.top + bbox.height);
    const gap = GAP_PX * ratio;
    const fits = x + gap + ctx.measureText(label).width < bbox.left + bbox.width;
    ctx.textAlign = fits ? 'left' : 'right';
    ctx.fillText(label, fits ? x + gap : x - gap, bbox.top + gap / 2);
  }
  ctx.restore();
}
