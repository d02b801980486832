/** Elements of the page. Texts enter as text, never as markup. */

/** The element with an id, of the type it has in the page. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return found;
}

export const box = (id: string): HTMLElement => byId(id, HTMLElement);
export const button = (id: string): HTMLButtonElement => byId(id, HTMLButtonElement);
export const select = (id: string): HTMLSelectElement => byId(id, HTMLSelectElement);

/** A new element. */
export function make(tag: string, className: string, ...content: (string | Node)[]): HTMLElement {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...content);
  return element;
}

/** Sets a text where it differs: a live region that is set again is read out again. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element: HTMLElement, isShown: boolean): void {
  element.hidden = !isShown;
}

/** Markdown of one line, as far as our own texts have it: code spans; of links the text is left. */
export function prose(markdown: string): (string | Node)[] {
  return markdown
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .split(/(`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('`') ? make('code', '', part.slice(1, -1)) : part));
}
