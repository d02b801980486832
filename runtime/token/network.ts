const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$(?!\n)/;
const GROUP = /^[0-9a-f]{1,4}$(?!\n)/;

/** The eight groups of an IPv6 address as numbers; others are no address. `::` stands for at least one group. */
function groupsOf(address: string): number[] {
  const sides = address.split('::');
  const head = sides[0] ? sides[0].split(':') : [];
  const tail = sides[1] ? sides[1].split(':') : [];
  if (sides.length === 2)
    do head.push('0');
    while (head.length + tail.length < 8);
  return head
    .concat(sides.length > 2 ? [] : tail)
    .map((text) => (text.search(GROUP) ? Number.NaN : Number.parseInt(text, 16)));
}

/**
 * The network of an address in its one spelling: IPv4 dotted, IPv6 expanded to eight groups of four lower-case digits,
 * IPv4-mapped turned into IPv4, host bits zero. `''` when the text is no address of that family; octets with leading
 * zeros, zones and dotted tails other than that of an IPv4-mapped address are no address.
 */
export function networkOf(address: string, family: 4 | 6, bits: number): string {
  let is4 = address.search(IPV4) === 0;
  // Most viewers by far, with nothing to rewrite.
  if (is4 && bits === 32 && family === 4) return address;
  const text = address.toLowerCase().replace(/^::ffff:(?=.*\.)/, '');
  is4 = text.search(IPV4) === 0;
  let numbers = is4 ? text.split('.').map(Number) : groupsOf(text);
  if (!is4 && (numbers.length !== 8 || numbers.some(Number.isNaN))) return '';
  // The hexadecimal spelling of an IPv4-mapped address.
  if (numbers.slice(0, 6).join() === '0,0,0,0,0,65535') {
    is4 = true;
    const octets = numbers.slice(6) as [number, number];
    numbers = [octets[0] >> 8, octets[0] & 255, octets[1] >> 8, octets[1] & 255];
  }
  if (is4 !== (family === 4)) return '';
  const size = is4 ? 8 : 16;
  const network = numbers.map((value, i) => value & (-1 << Math.max(0, Math.min(size, size * (i + 1) - bits))));
  return is4 ? network.join('.') : network.map((value) => value.toString(16).padStart(4, '0')).join(':');
}
