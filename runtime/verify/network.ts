/** Numbers of a dotted address; `undefined` when it is none. A leading zero might be read as octal, so it is refused. */
function octetsOf(text: string): number[] | undefined {
  const parts = text.split('.');
  const isOctet = (part: string): boolean => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255;
  return parts.length === 4 && parts.every(isOctet) ? parts.map(Number) : undefined;
}

/** Bytes of groups of one to four hexadecimal digits. */
function bytesOfGroups(groups: string[]): number[] | undefined {
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
}

const MAPPED = '::ffff:';

/** Sixteen bytes of an address with colons; `undefined` when it is none. Zones are part of no address. */
function bytesOfIpv6(address: string): number[] | undefined {
  const text = address.toLowerCase();
  if (text.startsWith(MAPPED) && text.includes('.')) {
    const octets = octetsOf(text.slice(MAPPED.length));
    return octets === undefined ? undefined : [...new Array<number>(10).fill(0), 0xff, 0xff, ...octets];
  }
  const sides = text.split('::');
  const [left, right, more] = sides.map((side) => bytesOfGroups(side === '' ? [] : side.split(':')));
  if (sides.length > 2 || more !== undefined || left === undefined) return undefined;
  if (sides.length === 1) return left.length === 16 ? left : undefined;
  // `::` stands for one group of zeros or more.
  if (right === undefined || left.length + right.length > 14) return undefined;
  return [...left, ...new Array<number>(16 - left.length - right.length).fill(0), ...right];
}

function maskTo(width: number, bytes: number[]): number[] {
  return bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, width - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
}

function isMapped(bytes: number[]): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}

/**
 * The network of a width that an address is in, in its one spelling: IPv4 dotted, IPv6 as eight groups of four lower-case
 * digits, host bits zero. `undefined` when the text is no address of that family; an IPv4-mapped one is of family 4.
 */
export function canonicalNetwork(
  address: string,
  { family, width }: { family: 4 | 6; width: number },
): string | undefined {
  const colons = address.includes(':') ? bytesOfIpv6(address) : undefined;
  const octets = colons !== undefined && isMapped(colons) ? colons.slice(12) : octetsOf(address);
  if (family === 4) return octets && maskTo(width, octets).join('.');
  if (octets !== undefined || colons === undefined) return undefined;
  return Buffer.from(maskTo(width, colons))
    .toString('hex')
    .replace(/.{4}(?=.)/g, '$&:');
}
