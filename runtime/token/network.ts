// biome-ignore-all lint/style/useTemplate: at the edge a template costs twice as much as `+`
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$(?!\n)/;
const GROUP = /^[0-9a-f]{1,4}$(?!\n)/;

/** The eight groups of an IPv6 address as numbers; others are no address. `::` stands for at least one group. */
function groupsOf(address: string): number[] {
  const sides = address.split('::').map((side) => (side ? side.split(':') : []));
  let groups = sides[0] as string[];
  const tail = sides[1];
  if (tail) {
    do groups.push('0');
    while (groups.length + tail.length < 8);
    // A second `::` is no address: neither is what stands for it here.
    groups = groups.concat(tail, sides.length > 2 ? '-' : []);
  }
  return groups.map((text) => (text.search(GROUP) ? Number.NaN : Number.parseInt(text, 16)));
}

/** Of a part of an address, `size` bits wide, those of its first bits that are in the network. */
function masked(part: number, size: number, bits: number): number {
  return part & (-1 << Math.max(0, Math.min(size, size - bits)));
}

/**
 * The network of an address in its one spelling: IPv4 dotted, IPv6 expanded to eight groups of four lower-case digits,
 * IPv4-mapped turned into IPv4, host bits zero. `''` when the text is no address of that family; octets with leading
 * zeros, zones and dotted tails other than that of an IPv4-mapped address are no address.
 */
export function networkOf(address: string, family: 4 | 6, bits: number): string {
  let text = address;
  if (text.search(IPV4)) {
    text = text.toLowerCase().replace(/^::ffff:(?=.*\.)/, '');
    if (text.search(IPV4)) {
      const groups = groupsOf(text);
      if (groups.length !== 8 || groups.some(Number.isNaN)) return '';
      if (groups.slice(0, 6).join() !== '0,0,0,0,0,65535') {
        if (family === 4) return '';
        return groups
          .map((group, i) =>
            masked(group, 16, bits - 16 * i)
              .toString(16)
              .padStart(4, '0'),
          )
          .join(':');
      }
      // The hexadecimal spelling of an IPv4-mapped address.
      text = groups
        .slice(6)
        .map((group) => `${group >> 8}.${group & 255}`)
        .join('.');
    }
  }
  if (family === 6) return '';
  // Most viewers by far, with little to rewrite.
  if (bits === 24) return text.slice(0, text.lastIndexOf('.')) + '.0';
  return text
    .split('.')
    .map((octet, i) => masked(+octet, 8, bits - 8 * i))
    .join('.');
}
