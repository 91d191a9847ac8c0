// What every page must hold, whatever it shows: no axe violations in both themes and widths, no sideways scrolling.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type axe from 'axe-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** `npm run test:full` */
const full = process.env.LANDBRIDGE_FULL === '1';
const NARROW = { width: 390, height: 844 };
const WIDE = { width: 1440, height: 980 };

export async function expectGoodLooks(page: Page): Promise<void> {
  await expectAxeClean(page, 'dark, wide');
  await page.emulateMedia({ colorScheme: 'light' });
  // Only colours differ from the first look, and most are seen in the next one, too.
  if (full) await expectAxeClean(page, 'light, wide', ['color-contrast']);
  await page.setViewportSize(NARROW);
  await expectNoSidewaysScroll(page);
  await expectAxeClean(page, 'light, narrow');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(WIDE);
  await expectNoSidewaysScroll(page);
}

/** Without frames, which the pages have none of, one copy of axe in the page does all looks, at a third of the cost. */
async function expectAxeClean(page: Page, where: string, rules?: string[]): Promise<void> {
  await expectAtRest(page);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const violations = await page.evaluate(async (runOnly) => {
    const { run } = (window as unknown as { axe: typeof axe }).axe;
    return (await run(document, { resultTypes: ['violations'], ...(runOnly && { runOnly }) })).violations;
  }, rules);
  const told = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  }));
  expect(told, `axe, ${where}`).toEqual([]);
}

/** Colours that are halfway to others are nobody's choice. */
async function expectAtRest(page: Page): Promise<void> {
  await expect
    .poll(
      () => page.evaluate(() => document.getAnimations().filter((one) => one.playState === 'running').length),
      { message: 'transitions and animations must end' },
    )
    .toBe(0);
  expect(await page.locator('iframe').count(), 'frames, which axe would leave out').toBe(0);
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await expect
    .poll(
      () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      {
        message: 'the page must not scroll sideways',
      },
    )
    .toBe(0);
}

/** Walks through the page with the tab key. @returns how many elements could take the focus, and those that were never reached */
export async function tabThrough(
  page: Page,
): Promise<{ focusable: number; missed: string[]; unmarked: string[] }> {
  await page.evaluate(() => {
    const all = [
      ...document.querySelectorAll<HTMLElement>(
        'a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary',
      ),
    ]
      .filter((element) => element.checkVisibility() && element.tabIndex >= 0)
      // A group of radio buttons is one tab stop: the arrow keys go on from the chosen one.
      .filter(
        (element) => !(element instanceof HTMLInputElement && element.type === 'radio' && !element.checked),
      );
    for (const [i, element] of all.entries()) element.setAttribute('data-tab-stop', String(i));
    document.body.tabIndex = -1;
    document.body.focus();
  });
  const total = await page.locator('[data-tab-stop]').count();
  const unmarked: string[] = [];
  for (let presses = 0; presses < total + 5; presses++) {
    await page.keyboard.press('Tab');
    const problem = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return null;
      element.setAttribute('data-reached', '');
      const { outlineStyle } = getComputedStyle(element);
      const after = getComputedStyle(element, '::after').outlineStyle;
      return outlineStyle === 'none' && after === 'none' ? element.outerHTML.slice(0, 120) : null;
    });
    if (problem) unmarked.push(problem);
  }
  const missed = await page
    .locator('[data-tab-stop]:not([data-reached])')
    .evaluateAll((elements) => elements.map((element) => element.outerHTML.slice(0, 120)));
  return { focusable: total, missed, unmarked };
}
