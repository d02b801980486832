/** Entry of the page: asks the API who it is and what it has, and makes the page usable. */
import type { About, Asset, PolicyInfo } from './answers.ts';
import { type Api, createApi, type Exchange } from './api.ts';
import { App } from './app.ts';
import { box, say } from './dom.ts';
import { accessCode, openDoor } from './door.ts';
import { showExchange } from './view-calls.ts';
import { offer } from './view-choice.ts';
import { drawCurtain, status } from './view-player.ts';

const api = createApi({ fetch: (...request) => fetch(...request), code: accessCode, onExchange: showExchange });

await start();

async function start(): Promise<void> {
  const { status: code, body } = await api({ path: '/about' });
  if (code !== 200) return unusable('The API cannot be reached. Load the page again in a moment.');
  const about = body as About;
  say(
    box('place'),
    `${about.project} / ${about.environment} · ${about.mount === 'local' ? 'local edge' : 'demo'} · ${about.version}`,
  );
  let assets = about.needsCode && accessCode() === undefined ? undefined : await api({ path: '/assets' });
  if (assets === undefined || isShut(assets))
    await openDoor(
      async () => {
        assets = await api({ path: '/assets' });
        return doorText(assets);
      },
      assets === undefined ? '' : doorText(assets),
    );
  if (assets?.status !== 200) return unusable('The API does not say what there is to play.');
  await open({ api, about, assets });
}

async function open({ api: call, about, assets }: { api: Api; about: About; assets: Exchange }): Promise<void> {
  const policies = await call({ path: '/policies' });
  const there = await allAssets(call, assets);
  offer({
    assets: there,
    policies: policies.status === 200 ? (policies.body as { policies: PolicyInfo[] }).policies : [],
    countries: about.mount === 'local' ? (about.countries ?? []) : [],
  });
  if (there.length === 0) return unusable('No asset is marked for the demo: set `demo: true` on one in config.yaml.');
  new App(call, there).wire();
  document.documentElement.dataset.ready = 'true';
  performance.mark('usable');
}

/** Pages of the list that are asked for at most; each has up to a hundred assets. */
const PAGES = 20;

/** By title, numbers by their value. */
async function allAssets(call: Api, first: Exchange): Promise<Asset[]> {
  const found: Asset[] = [];
  let answer = first;
  for (let page = 1; answer.status === 200; page += 1) {
    const { assets, next } = answer.body as { assets: Asset[]; next?: string };
    found.push(...assets);
    if (next === undefined || page === PAGES) break;
    answer = await call({ path: '/assets', query: { after: next } });
  }
  const { compare } = new Intl.Collator('en', { numeric: true });
  return found.sort((a, b) => compare(a.title ?? a.id, b.title ?? b.id));
}

/** Wrong codes from a network shut its door for a while, to a code that was right before as well. */
function isShut({ status: code }: Exchange): boolean {
  return code === 401 || code === 429;
}

/** Empty when the code was right. */
function doorText({ status: code }: Exchange): string {
  if (code === 200) return '';
  if (code === 401) return 'This is not the code.';
  if (code === 429) return 'Too many wrong codes. Try again in some minutes.';
  return 'The API cannot be reached.';
}

function unusable(text: string): void {
  status('Not usable');
  drawCurtain({ title: 'There is nothing to play', text });
}
