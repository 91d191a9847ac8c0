// What a table's cell cuts off can be read on hover, where the cell says nothing else there. Cells are used again for other rows,
// so that nothing is left behind.
import type { PointerEvent } from 'react';

const cellOf = ({ target }: PointerEvent): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('td, th') : null;
const isCut = (element: Element): boolean => element.scrollWidth > element.clientWidth;

export const cutText = {
  onPointerOver(event: PointerEvent): void {
    const cell = cellOf(event);
    if (!cell || (event.target as Element).closest('[title]')) return;
    if (![cell, ...cell.querySelectorAll('.truncate')].some(isCut)) return;
    cell.title = cell.innerText;
    cell.dataset.cut = '';
  },
  onPointerOut(event: PointerEvent): void {
    const cell = cellOf(event);
    if (cell?.dataset.cut === undefined) return;
    cell.removeAttribute('title');
    delete cell.dataset.cut;
  },
};
