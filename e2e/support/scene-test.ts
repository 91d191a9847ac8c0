// The look at a scene that every page gets: what shows its state is there, and it looks as pages must.
import { expect, type Page } from '@playwright/test';
import { expectGoodLooks } from './looks';
import { type Scene, serveApi } from './scenes';

/** Title and body of the test: `lookTest(...looksWell(scene))`. */
export const looksWell = (scene: Scene) =>
  [
    `${scene.name}: is shown, axe clean in both themes and widths, without console errors`,
    async ({ page, complaints }: { page: Page; complaints: string[] }) => {
      await openScene(page, scene);
      await expectGoodLooks(page);
      expect(complaints).toEqual([]);
    },
  ] as const;

/** Opens it and waits until its state is on the screen. */
export async function openScene(page: Page, { path, api, shows }: Scene): Promise<void> {
  await serveApi(page, api);
  await page.goto(path);
  await expect(page.getByText(shows).first()).toBeAttached();
}

/** A scene by its name. @throws where there is none */
export function sceneOf(scenes: readonly Scene[], name: string): Scene {
  const found = scenes.find((one) => one.name === name);
  if (!found) throw new Error(`There is no scene called ${name}.`);
  return found;
}
