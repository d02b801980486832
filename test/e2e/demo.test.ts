/** The page through the local edge: the function text that ships, the token API that ships, and Debian's Chromium. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Browser, complaints, openBrowser, type Page } from '../helpers/browser.ts';
import { askEdge, atPage, type LocalDemo, localDemo } from '../helpers/local-demo.ts';
import { describeWith } from '../helpers/needs.ts';

const AGENT = 'edgepass-test/1.0';

describeWith(['chromium'], 'the page through the local edge', () => {
  let demo: LocalDemo;
  let browser: Browser;
  let page: Page;
  let at: ReturnType<typeof atPage>;
  let said: string[];
  /** Media that was asked for. */
  let media: string[];

  beforeAll(async () => {
    demo = await localDemo();
    browser = await openBrowser({ userAgent: AGENT });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await demo?.close();
  });

  beforeEach(async () => {
    page = await browser.context.newPage();
    at = atPage(page);
    said = complaints(page);
    media = [];
    page.on('request', (request) => {
      if (/\/(?:live|vod)\//.test(request.url())) media.push(request.url());
    });
    await page.goto(demo.url);
    await at.ready();
  }, 60_000);
  afterEach(() => page.close());

  it.each(['test-channel', 'test-film'])(
    'plays %s, as HLS and as DASH, for five seconds each',
    { timeout: 120_000 },
    async (asset) => {
      await at.start(asset);
      await at.playsFor(5);
      expect(media.some((url) => url.endsWith('.m3u8'))).toBe(true);
      await page.check('input[value=dash]');
      await page.locator('#url', { hasText: '.mpd' }).waitFor();
      await at.status('Playing');
      await at.playsFor(5);
      expect(media.some((url) => url.endsWith('.mpd'))).toBe(true);
      expect(said).toEqual([]);
    },
  );

  it('ends after a revocation, is not refreshed, and a new session plays', { timeout: 120_000 }, async () => {
    await at.start('test-channel');
    const url = await at.text('url');
    await page.click('#revoke');
    // Fifteen seconds is what a viewer of a revoked session may go on for.
    expect(await at.ended(15_000)).toBe('410 session_revoked');
    await page.click('#refresh');
    await page.locator('#said', { hasText: 'Not refreshed.' }).waitFor();
    const [call] = await page.locator('#calls li').allInnerTexts();
    expect(call).toContain('/problems/session-revoked');
    await page.getByRole('button', { name: 'Try this URL again' }).click();
    expect(await at.ended()).toBe('410 session_revoked');
    await page.locator('#curtain').getByRole('button', { name: 'Start a new session' }).click();
    await at.status('Playing');
    await at.playsFor(3);
    expect(await at.text('url')).not.toBe(url);
    expect(await askEdge(url, { userAgent: AGENT })).toBe('410 session_revoked');
    expect(said).toEqual([]);
  });

  it.each(['test-channel', 'test-film'])(
    'goes on playing %s while its token is refreshed',
    { timeout: 120_000 },
    async (asset) => {
      await at.start(asset);
      await at.playsFor(3);
      const before = await at.text('url');
      // What a viewer would see as a break. A recording that begins again seeks by itself.
      await page.locator('#video').evaluate((video) => {
        for (const name of ['pause', 'emptied', 'ended'])
          video.addEventListener(name, () => Object.assign(globalThis, { interrupted: name }));
      });
      // A token differs from another of the same second in nothing.
      await page.waitForTimeout(1_100);
      await page.click('#refresh');
      await page.locator('#said', { hasText: 'Refreshed.' }).waitFor();
      const after = await at.text('url');
      expect(after).not.toBe(before);
      const token = new URL(after).pathname.split('/')[1] ?? '';
      media.length = 0;
      await at.playsFor(6);
      expect(media.length).toBeGreaterThan(0);
      expect(media.filter((url) => !url.includes(token))).toEqual([]);
      expect(await page.evaluate('globalThis.interrupted')).toBeUndefined();
    },
  );

  it('is refused in another country and plays again at home', { timeout: 60_000 }, async () => {
    await at.start('test-channel');
    await page.selectOption('#country', 'US');
    expect(await at.ended()).toBe('451 geo_not_allowed');
    await page.selectOption('#country', '');
    await page.getByRole('button', { name: 'Try this URL again' }).click();
    await at.status('Playing');
  });

  it('gives a URL that is good for this viewer only', { timeout: 60_000 }, async () => {
    await at.start('test-channel');
    const url = await at.text('url');
    const ask = (address: string, more: object = {}) => askEdge(address, { userAgent: AGENT, ...more });
    expect(await ask(url)).toBe('200');
    expect(await ask(url, { userAgent: 'another/1.0' })).toBe('403 binding_mismatch');
    // The same /24, and another.
    expect(await ask(url, { from: '127.0.0.77' })).toBe('200');
    expect(await ask(url, { from: '127.0.1.1' })).toBe('403 binding_mismatch');
    const { origin, pathname } = new URL(url);
    expect(await ask(`${origin}/~country/BE${pathname}`)).toBe('200');
    expect(await ask(`${origin}/~country/US${pathname}`)).toBe('451 geo_not_allowed');
    expect(await ask(`${origin}${pathname.replace(/^\/[^/]+/, '')}`)).toBe('401 token_missing');
  });

  it('gives a token that nobody can change', { timeout: 60_000 }, async () => {
    await at.start('test-channel');
    const url = new URL(await at.text('url'));
    const [session = '', header = '', payload = '', signature = ''] = (url.pathname.split('/')[1] ?? '').split('.');
    const forged = Buffer.from(payload, 'base64url').toString().replace('"FR"', '"US"');
    const rest = url.pathname.replace(/^\/[^/]+/, '');
    const tried = (...parts: string[]) => askEdge(`${url.origin}/${parts.join('.')}${rest}`, { userAgent: AGENT });
    expect(await tried(session, header, Buffer.from(forged).toString('base64url'), signature)).toBe(
      '401 signature_invalid',
    );
    const other = signature.startsWith('A') ? 'B' : 'A';
    expect(await tried(session, header, payload, other + signature.slice(1))).toBe('401 signature_invalid');
    expect(await tried('x'.repeat(22), header, payload, signature)).toBe('401 token_malformed');
  });
});

/** By stream of config.yaml, and the asset that plays it. */
const CARRIAGES = [
  { stream: 'live', asset: 'test-channel', carriage: { in: 'query', name: 'pass' } },
  { stream: 'vod', asset: 'test-film', carriage: { in: 'query', name: 'pass' } },
  { stream: 'live', asset: 'test-channel', carriage: { in: 'header', name: 'x-pass' } },
  { stream: 'vod', asset: 'test-film', carriage: { in: 'cookie', name: 'pass' } },
] as const;

describeWith(['chromium'], 'the page plays streams that carry tokens elsewhere than in the path', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser({ userAgent: AGENT });
  }, 60_000);
  afterAll(() => browser?.close());

  it.each(CARRIAGES)('$carriage.in of $stream', { timeout: 90_000 }, async ({ stream, asset, carriage }) => {
    const demo = await localDemo((config) => config.setIn(['streams', stream, 'carriage'], carriage));
    const page = await browser.context.newPage();
    try {
      const at = atPage(page);
      const said = complaints(page);
      await page.goto(demo.url);
      await at.ready();
      await at.start(asset);
      await at.playsFor(3);
      await page.check('input[value=dash]');
      await page.locator('#url', { hasText: '.mpd' }).waitFor();
      await at.status('Playing');
      await at.playsFor(2);
      await page.click('#refresh');
      await page.locator('#said', { hasText: 'Refreshed.' }).waitFor();
      await at.playsFor(4);
      await page.click('#revoke');
      expect(await at.ended()).toBe('410 session_revoked');
      expect(said).toEqual([]);
    } finally {
      await page.close();
      await demo.close();
    }
  });
});
