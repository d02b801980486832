/** Reading XML as a tree that can be written again without loss. Knows no namespaces, comments, or CDATA: the SDK sends none. */
import { escapeXml } from './xml.ts';

export interface XmlElement {
  name: string;
  attributes: string;
  /** Elements, or one text. */
  children: XmlElement[];
  text: string;
}

export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: '', attributes: '', children: [], text: '' };
  const open = [root];
  const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s[^<>]*?)?)(\/?)>|<\?[^>]*\?>|([^<]+)/g;
  for (const [, closing, name, attributes, selfClosing, text] of source.matchAll(tag)) {
    const at = open.at(-1) as XmlElement;
    if (text !== undefined) at.text += unescapeXml(text);
    else if (name === undefined) continue;
    else if (closing) {
      if (open.pop()?.name !== name) throw new Error(`Unexpected </${name}>`);
    } else {
      const element: XmlElement = { name, attributes: attributes ?? '', children: [], text: '' };
      at.children.push(element);
      if (!selfClosing) open.push(element);
    }
  }
  const [first] = root.children;
  if (open.length !== 1 || !first) throw new Error('The XML does not end');
  return first;
}

export function printXml({ name, attributes, children, text }: XmlElement): string {
  const inside = children.length > 0 ? children.map(printXml).join('') : escapeXml(text);
  return `<${name}${attributes}>${inside}</${name}>`;
}

export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((one) => one.name === name);
}

export function textOf(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text;
}

function unescapeXml(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, entity: string) => {
    if (entity.startsWith('#x')) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
    if (entity.startsWith('#')) return String.fromCodePoint(Number(entity.slice(1)));
    return names[entity] ?? whole;
  });
}
