// Running a command from the palette, as somebody does who reads what is found.
import { expect, type Page } from '@playwright/test';

/** Types, waits until this command is the one that would be run, and runs it: what is found by name may have to be loaded. */
export async function runCommand(page: Page, typed: string, command: string | RegExp): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: /Search commands/ }).fill(typed);
  await expect(page.getByRole('option', { name: command })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
}
