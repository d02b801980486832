/**
 * Requests that come far: one that passes, with none to four changes of which each touches one check. Several at once show
 * which check is made first.
 */
import fc from 'fast-check';
import type { Asked } from '../base/world.ts';
import { CHANGES, type Change } from './changes.ts';
import { BASES, draftOf, finish } from './drafts.ts';

export const requests: fc.Arbitrary<Asked> = fc
  .tuple(
    fc.constantFrom(...BASES),
    fc.array(fc.tuple(fc.nat(CHANGES.length - 1), fc.nat(10_000)), { maxLength: 4, size: 'max' }),
  )
  .map(([from, changes]) => {
    const draft = draftOf(from);
    for (const [index, number] of changes) {
      (CHANGES[index] as Change)(draft, (...values) => values[number % values.length] as (typeof values)[number]);
    }
    return finish(draft);
  });
