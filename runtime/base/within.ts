import { itemsOf } from '../token/claim-text.ts';
import { holdsAll } from '../token/lists.ts';

/** Whether a list, if there is one, does not hold every item of another. Both as in `ClaimText`; mostly they are the same. */
export function lacks(list: string | undefined, wanted: string): boolean {
  return list !== wanted && !holdsAll(list ? itemsOf(list) : [], itemsOf(wanted));
}
