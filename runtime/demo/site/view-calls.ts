/** Requests to the API with their answers, the newest first. */
import type { Exchange } from './api.ts';
import { box, make, show } from './dom.ts';

const KEPT = 12;

export function showExchange({ method, path, headers, status, body }: Exchange): void {
  const isRefused = status === 0 || status >= 400;
  const answer = make('span', isRefused ? 'answer refused' : 'answer', status === 0 ? 'no answer' : String(status));
  const head = [`${method} ${path}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  const details = make(
    'details',
    '',
    make('summary', '', make('span', '', `${method} ${path}`), answer),
    make('div', 'exchange', part('Request', head.join('\n')), part('Answer', textOf(body))),
  );
  const list = box('calls');
  for (const other of list.querySelectorAll('details')) other.open = false;
  // What the page asks by itself is there to be opened; what somebody asked for is shown.
  if (details instanceof HTMLDetailsElement) details.open = method !== 'GET';
  list.prepend(make('li', '', details));
  while (list.children.length > KEPT) list.lastElementChild?.remove();
  show(box('calls-empty'), false);
}

function part(title: string, text: string): HTMLElement {
  const shown = make('pre', '', text);
  return make('div', '', make('h3', '', title), shown);
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body, null, 2));
