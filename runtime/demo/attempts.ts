/** Wrong access codes are counted by the network they came from. An IPv6 viewer has a whole /64, so that is one network here. */
import { networkOf } from '../token/network.ts';

/** Seconds in which they are counted. */
export const WINDOW = 300;

/** Of what is no address there is one: nobody gets round the count by having none. */
export function networkOfViewer(address: string): string {
  return networkOf(address, 4, 32) || networkOf(address, 6, 64) || 'unknown';
}
