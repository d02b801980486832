/** Writing XML: a member of a map is an element of that name; what a list is made of is up to the protocol. */
export type XmlValue = string | number | boolean | Date | null | undefined | XmlValue[] | { [name: string]: XmlValue };

export interface XmlStyle {
  /** Name of the elements inside a list; unset: the list has no element of its own and its name is repeated. */
  item: string | undefined;
}

/** As awsQuery writes lists. */
export const QUERY_STYLE: XmlStyle = { item: 'member' };
/** As S3 writes lists. */
export const FLAT_STYLE: XmlStyle = { item: undefined };

export function toXml(name: string, value: unknown, style: XmlStyle): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) {
    if (style.item === undefined) return value.map((one) => toXml(name, one, style)).join('');
    return `<${name}>${value.map((one) => toXml(style.item as string, one, style)).join('')}</${name}>`;
  }
  return `<${name}>${inner(value, style)}</${name}>`;
}

export function members(value: object, style: XmlStyle): string {
  return Object.entries(value)
    .map(([name, one]) => toXml(name, one, style))
    .join('');
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}

function inner(value: unknown, style: XmlStyle): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null) return members(value, style);
  return escapeXml(String(value));
}
