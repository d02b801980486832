/** The page in a browser, against an API and an edge of the test. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Browser, complaints, openBrowser, type Page } from '../../helpers/browser.ts';
import { describeWith } from '../../helpers/needs.ts';
import { type FakeOptions, type FakeWorld, fakeWorld } from './fake-world.ts';

/** A script for a browser that wants a press of a button before it plays, however often it is asked at first. */
const refusesToBegin = (times: number): string => `{
  const { play } = HTMLMediaElement.prototype;
  let asked = 0;
  HTMLMediaElement.prototype.play = function () {
    asked += 1;
    return asked <= ${times} ? Promise.reject(new DOMException('', 'NotAllowedError')) : play.call(this);
  };
}`;

describeWith(['chromium'], 'the page', () => {
  let browser: Browser;
  let world: FakeWorld;
  let page: Page;
  let said: string[];

  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser.close());
  afterEach(async () => {
    await page.close();
    await world.close();
  });

  async function open(options: FakeOptions = {}, prepare?: () => Promise<unknown>): Promise<void> {
    world = await fakeWorld(options);
    page = await browser.context.newPage();
    await prepare?.();
    said = complaints(page);
    await page.goto(world.url);
    // The page is loaded before it has asked the API.
    await page.locator('html[data-ready], #door[open]').first().waitFor({ state: 'attached' });
  }

  const text = (id: string): Promise<string> => page.locator(`#${id}`).innerText();
  const time = (): Promise<number> =>
    page.locator('#video').evaluate((video) => (video as unknown as { currentTime: number }).currentTime);

  async function play(): Promise<void> {
    await page.click('#start');
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
  }

  /** Plays on for some seconds of media; a loop begins again, so steps are added up. */
  async function playsFor(seconds: number): Promise<void> {
    let [played, last] = [0, await time()];
    while (played < seconds) {
      await page.waitForTimeout(200);
      const now = await time();
      if (now > last) played += now - last;
      last = now;
    }
  }

  const ended = (): Promise<void> => page.locator('#curtain-reason:not([hidden])').waitFor();

  it('plays, and shows URL, token and requests', async () => {
    await open();
    expect(await text('place')).toBe('acme-video / dev · demo · 0.1.0');
    expect(await text('policy-text')).toContain('lives 4 h 00 min');
    await play();
    await playsFor(1);
    expect(await text('url')).toBe(`${world.media}/${world.asked.at(-1)}/vod/demo/index.m3u8`);
    expect(await text('token-header')).toContain('HS256');
    expect(await text('token-payload')).toContain('Allowed countries, ["FR","BE"].');
    expect(await text('left')).toMatch(/^59 min \d\d s$|^1 h 00 min$/);
    const [call] = await page.locator('#calls li').allInnerTexts();
    expect(call).toMatch(/^POST \/api\/playback\/film\s+201/);
    expect(Number(await text('requests'))).toBeGreaterThan(3);
    expect(said).toEqual([]);
  });

  it('offers the assets of all pages, by title, and says which one plays', async () => {
    await open({ others: ['Movie 10', 'Movie 9', 'A film', 'Zoo'] });
    const titles = await page.locator('#asset option').allInnerTexts();
    expect(titles).toEqual(['A film', 'Movie 9', 'Movie 10', 'Test picture', 'Zoo']);
    await page.selectOption('#asset', 'film');
    await page.check('input[value=hls]');
    await play();
    await page.selectOption('#asset', { label: 'Zoo' });
    // There only in the other format, which is chosen with it.
    expect(await page.isChecked('input[value=dash]')).toBe(true);
    await page.click('#refresh');
    await page.locator('#said', { hasText: 'Refreshed' }).waitFor();
    expect(await text('url')).toMatch(/index\.m3u8$/);
    await page.selectOption('#asset', 'film');
    await page.check('input[value=dash]');
    await page.check('input[value=hls]');
    await page.locator('#status', { hasText: 'Playing: Test picture · HLS' }).waitFor();
    expect(said).toEqual([]);
  });

  it.each([
    ['enforce', '', 'it refuses the next request and playback ends.'],
    ['report', 'the edge refuses nothing, and its log says', 'it logs that it would refuse; playback goes on.'],
    ['off', 'The check of its stream is off', 'playback goes on.'],
  ] as const)('says what a stream in mode %s does', async (mode, hint, revoked) => {
    await open({ mode });
    await play();
    expect(await page.locator('#mode-text').isVisible()).toBe(hint !== '');
    expect(await page.locator('#mode-text').textContent()).toContain(hint);
    // Looked for from before: a refusal takes the sentence away.
    const seen = page.locator('#said', { hasText: revoked }).waitFor();
    await page.click('#revoke');
    await seen;
  });

  it('keeps the focus of who uses the keyboard', async () => {
    await open();
    const focus = () => page.evaluate('document.activeElement.id');
    await page.focus('#start');
    await page.keyboard.press('Enter');
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
    expect(await focus()).toBe('watch');
    await page.focus('#revoke');
    const revoked = page.locator('#said', { hasText: 'Revoked.' }).waitFor();
    await page.keyboard.press('Enter');
    await revoked;
    expect(await focus()).toBe('watch');
  });

  it('keeps the focus of who uses the keyboard when what stands over the video changes', async () => {
    await open();
    await play();
    world.refusing = '403';
    await ended();
    const focus = () => page.evaluate('document.activeElement.id || document.activeElement.innerText');
    await page.locator('#curtain').getByRole('button', { name: 'Try this URL again' }).focus();
    // While it loads there is no button.
    await page.keyboard.press('Enter');
    expect(await focus()).toBe('watch');
    await ended();
    world.refusing = '';
    await page.locator('#curtain').getByRole('button', { name: 'Start a new session' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
    expect(await focus()).toBe('watch');
  });

  it('hands the focus of a button over the video on to the one in its place', async () => {
    await open({}, () => page.addInitScript(refusesToBegin(2)));
    await page.click('#start');
    const begin = page.locator('#curtain').getByRole('button', { name: 'Play' });
    await begin.focus();
    await begin.evaluate((first) => first.classList.add('first'));
    await page.keyboard.press('Enter');
    await page.locator('#curtain-actions button:not(.first)').waitFor();
    expect(await page.evaluate('document.activeElement.innerText')).toBe('Play');
    await page.keyboard.press('Enter');
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('watch');
  });

  it('brings the player into view on a phone, and says there that a URL was copied', async () => {
    await open();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('#start').scrollIntoViewIfNeeded();
    await play();
    const top = () => page.locator('#watch').evaluate((watch) => watch.getBoundingClientRect().top);
    await expect.poll(top, { timeout: 5_000 }).toBeGreaterThanOrEqual(-1);
    const box = await page.locator('.screen').boundingBox();
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(16 / 9, 1);
    await page.click('#copy');
    await page.locator('#copied', { hasText: /Copied|Select the URL/ }).waitFor();
  });

  it('switches to DASH without another session', async () => {
    await open();
    await play();
    await page.check('input[value=dash]');
    await page.locator('#url', { hasText: 'manifest.mpd' }).waitFor();
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
    await playsFor(1);
    expect(new Set(world.asked).size).toBe(1);
    expect(said).toEqual([]);
  });

  it('tells of a revocation, cannot refresh, and plays a new session while the old one stays dead', async () => {
    await open();
    await play();
    await page.click('#revoke');
    await ended();
    expect(await text('curtain-reason')).toBe('410 session_revoked');
    expect(await text('status')).toBe('Ended: This session was revoked');
    expect(await text('life')).toBe('Session is revoked');
    expect(await page.locator('#revoke').isDisabled()).toBe(true);
    await page.click('#refresh');
    await page.locator('#said', { hasText: 'Not refreshed. The session was revoked.' }).waitFor();
    await page.getByRole('button', { name: 'Try this URL again' }).click();
    await ended();
    expect(await text('curtain-reason')).toBe('410 session_revoked');
    expect(await text('life')).toBe('Session is revoked');
    const [dead = ''] = world.revoked;
    await page.locator('#curtain').getByRole('button', { name: 'Start a new session' }).click();
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
    expect(world.asked.at(-1)).not.toContain(dead);
    expect(await text('life')).toContain('Token ends in');
    expect(said).toEqual([]);
  });

  it('goes on playing when the token is refreshed, with the new token', async () => {
    await open();
    await play();
    await page.locator('#video').evaluate((video) => {
      for (const name of ['waiting', 'pause', 'emptied'])
        video.addEventListener(name, () => Object.assign(globalThis, { interrupted: name }));
    });
    const [old = ''] = world.asked.slice(-1);
    await page.click('#refresh');
    await page.locator('#said', { hasText: 'Refreshed' }).waitFor();
    await expect.poll(() => world.asked.at(-1), { timeout: 15_000 }).not.toBe(old);
    // For good: nothing is asked for with the old token again.
    const since = world.asked.length;
    await playsFor(3);
    expect(world.asked.slice(since)).toEqual([]);
    expect(world.asked.at(-1)?.split('.')[0]).toBe(old.split('.')[0]);
    expect(await text('url')).toContain(world.asked.at(-1));
    expect(await page.evaluate(() => (globalThis as { interrupted?: string }).interrupted)).toBeUndefined();
  });

  it('draws the URL as a code, and says where it leads nowhere else', async () => {
    await open();
    await play();
    await page.click('#show-code');
    expect(await page.locator('#code').isVisible()).toBe(true);
    expect(await text('code-here')).toContain('This one leads a phone to itself');
    await page.click('#show-code');
    expect(await page.locator('#code').isVisible()).toBe(false);
  });

  it('plays in another country, where there is a local edge', async () => {
    await open({ mount: 'local' });
    await play();
    await page.selectOption('#country', 'US');
    await ended();
    expect(await text('curtain-reason')).toBe('451 geo_not_allowed');
    await page.selectOption('#country', '');
    await page.getByRole('button', { name: 'Try this URL again' }).click();
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
  });

  it('offers no other country elsewhere', async () => {
    await open();
    await page.locator('html[data-ready]').waitFor();
    expect(await page.locator('#country').isVisible()).toBe(false);
  });

  it('says what it can when the edge exposes no reason', async () => {
    await open();
    await play();
    world.refusing = '403';
    await ended();
    expect(await text('curtain-title')).toBe('The edge refuses this request');
    expect(await text('curtain-reason')).toBe('403');
  });

  it('says that the player could not be loaded, and tries again with the same session', async () => {
    await open();
    await page.route(/\.js$/, (route) => route.abort());
    await page.click('#start');
    await page.locator('#curtain-title', { hasText: 'The player could not be loaded' }).waitFor();
    await page.unroute(/\.js$/);
    await page.locator('#curtain').getByRole('button', { name: 'Try again' }).click();
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
    expect(world.requests.filter(({ url }) => url.startsWith('/api/playback/')).length).toBe(1);
  });

  it('offers a button where the browser does not begin by itself', async () => {
    await open({}, () => page.addInitScript(refusesToBegin(1)));
    await page.click('#start');
    await page.locator('#curtain').getByRole('button', { name: 'Play' }).click();
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
    expect(await page.locator('#curtain').isVisible()).toBe(false);
    expect(said).toEqual([]);
  });

  it('says of a refresh after the end that playback has ended', async () => {
    await open();
    await play();
    world.refusing = '403';
    await ended();
    await page.click('#refresh');
    await page.locator('#said', { hasText: 'Refreshed.' }).waitFor();
    expect(await text('said')).not.toContain('goes on');
    expect(await text('said')).toContain('Playback has ended');
  });

  it('says what a policy lacks and which word the edge has for a refusal', async () => {
    await open();
    const problem = { title: 'The policy is weaker.', demands: ['session', 'lifetime'] };
    await page.route('**/api/playback/*', (route) => route.fulfill({ status: 422, json: problem }));
    await page.click('#start');
    await page
      .locator('#curtain-text', { hasText: 'The policy is weaker. It does not meet: session, lifetime.' })
      .waitFor();
    await page.unroute('**/api/playback/*');
    await play();
    const refused = { title: 'The token is not live.', reason: 'token_expired' };
    await page.route('**/refresh', (route) => route.fulfill({ status: 403, json: refused }));
    await page.click('#refresh');
    await page.locator('#said', { hasText: 'The token is not live. Reason: token_expired.' }).waitFor();
  });

  it('takes a revoked session for one whichever format plays', async () => {
    await open({ mode: 'report' });
    await play();
    await page.click('#revoke');
    await page.locator('#said', { hasText: 'Revoked.' }).waitFor();
    await page.check('input[value=dash]');
    await page.locator('#status', { hasText: 'Playing: Test picture · DASH' }).waitFor();
    expect(await text('life')).toBe('Session is revoked');
    expect(await page.locator('#revoke').isDisabled()).toBe(true);
  });

  it('lets a call that failed not undo what the edge said meanwhile', async () => {
    await open();
    await play();
    let fail = (): void => {};
    const failed = new Promise<void>((resolve) => {
      fail = resolve;
    });
    await page.route('**/revocation', async (route) => {
      await failed;
      await route.fulfill({ status: 503, json: { title: 'Not now.' } });
    });
    await page.click('#revoke');
    world.refusing = '410 session_revoked';
    await ended();
    fail();
    await page.locator('#said', { hasText: 'Not revoked. Not now.' }).waitFor();
    expect(await text('life')).toBe('Session is revoked');
    expect(await page.locator('#revoke').isDisabled()).toBe(true);
    // What was revoked may have been taken back.
    world.refusing = '';
    await page.getByRole('button', { name: 'Try this URL again' }).click();
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
    expect(await page.locator('#revoke').isDisabled()).toBe(false);
  });

  it('counts down to the end of the token', async () => {
    await open({ lifetime: 3 });
    await play();
    await page.locator('#life', { hasText: 'Token has ended' }).waitFor({ timeout: 10_000 });
  });

  it('can be used by keyboard alone', async () => {
    await open();
    await page.locator('html[data-ready]').waitFor();
    const reached: string[] = [];
    for (let press = 0; press < 12 && reached.at(-1) !== 'start'; press += 1) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate<string>('document.activeElement?.id'));
    }
    expect(reached).toEqual(expect.arrayContaining(['asset', 'policy', 'start']));
    await page.keyboard.press('Enter');
    await page.locator('#status', { hasText: 'Playing' }).waitFor();
  });

  it('loads nothing from elsewhere', async () => {
    await open();
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).origin));
    await page.reload();
    await play();
    hosts.delete('null');
    expect([...hosts].sort()).toEqual([world.url, world.media].sort());
  });
});
