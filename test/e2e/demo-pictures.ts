/** Pictures of every state of the page, as `docs/demo.md` shows them. Each is what a person would see in the window. */
import { join } from 'node:path';
import { openBrowser, type Page, screenshot } from '../helpers/browser.ts';
import { root } from '../helpers/config.ts';
import { atPage, localDemo } from '../helpers/local-demo.ts';

const VARIANTS = [
  { name: 'desktop', phone: false, dark: false },
  { name: 'phone', phone: true, dark: false },
  { name: 'desktop-dark', phone: false, dark: true },
  { name: 'phone-dark', phone: true, dark: true },
];

export async function main(): Promise<void> {
  const demo = await localDemo();
  try {
    for (const variant of VARIANTS) {
      const { context, close } = await openBrowser(variant);
      try {
        const page = await context.newPage();
        await page.goto(demo.url);
        await take(page, variant);
      } finally {
        await close();
      }
    }
  } finally {
    await demo.close();
  }
}

async function take(page: Page, { name, dark }: { name: string; dark: boolean }): Promise<void> {
  const at = atPage(page);
  const picture = async (state: string): Promise<void> => {
    await page.evaluate('scrollTo(0, 0)');
    await screenshot(page, join(root, 'docs/demo', `${name}-${state}.png`), { isWhole: false });
    process.stdout.write(`${name}-${state}\n`);
  };
  await at.ready();
  if (!dark) await picture('ready');
  await at.start('test-channel');
  await at.playsFor(1);
  // The controls of the browser go away by themselves when nobody points at them.
  await page.waitForTimeout(3_000);
  await picture('playing');
  if (dark) return;
  await page.click('#refresh');
  await page.locator('#said', { hasText: 'Refreshed' }).waitFor();
  await picture('refreshed');
  await page.selectOption('#country', 'US');
  await at.ended();
  await picture('country');
  await page.selectOption('#country', '');
  await page.getByRole('button', { name: 'Try this URL again' }).click();
  await at.status('Playing');
  await page.click('#revoke');
  await at.ended();
  await picture('revoked');
  await page.click('#refresh');
  await page.locator('#said', { hasText: 'Not refreshed' }).waitFor();
  await picture('refresh-refused');
}
