/** The playback URL in its parts, and the token in it with a word on each claim. */
import { type ClaimFact, claimFact, HEADER_FACTS } from './claim-facts.ts';
import { box, make, prose, show } from './dom.ts';
import { type Decoded, urlParts } from './token-parts.ts';

export function showUrl(url: string, token: string): void {
  const parts = urlParts(url, token);
  const part = (name: 'session' | 'header' | 'payload' | 'signature'): HTMLElement =>
    make('span', `part-${name}`, parts?.[name] ?? '');
  box('url').replaceChildren(
    ...(parts === undefined
      ? [url]
      : [
          parts.before,
          ...(parts.session === '' ? [] : [part('session'), '.']),
          ...[part('header'), '.', part('payload'), '.', part('signature')],
          parts.after,
        ]),
  );
  show(box('url-empty'), false);
  show(box('url-part'), true);
}

export function showToken({ header, payload }: Decoded): void {
  const rows = Object.entries(header).map(([name, value]) => {
    const fact = HEADER_FACTS.find((one) => one.name === name);
    return row({ name, value, meaning: fact === undefined ? [] : prose(capital(fact.value)) });
  });
  box('token-header').replaceChildren(...rows);
  box('token-payload').replaceChildren(
    ...Object.entries(payload).map(([name, value]) => row({ name, value, meaning: meaningOf(claimFact(name)) })),
  );
  show(box('token-empty'), false);
  show(box('token-part'), true);
}

function row({ name, value, meaning }: { name: string; value: unknown; meaning: (string | Node)[] }): HTMLElement {
  const shown = make('dd', 'value', typeof value === 'string' ? value : JSON.stringify(value));
  if (isTime(name) && typeof value === 'number')
    shown.append(make('small', '', new Date(value * 1000).toLocaleString()));
  return make('div', 'claim', make('dt', '', name), shown, make('dd', 'meaning', ...meaning));
}

/** Claims with a time of day; other numbers are lengths and versions. */
function isTime(name: string): boolean {
  return ['iat', 'exp', 'nbf'].includes(name);
}

function meaningOf(fact: ClaimFact | undefined): (string | Node)[] {
  return fact === undefined ? [] : prose(`${capital(fact.meaning)}.`);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
