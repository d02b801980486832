import { expect, it } from 'vitest';
import { hasToken, malformedTokenLength, matchToken } from '../../../runtime/token/token-text.ts';

it.each([
  `/eyJ${'A'.repeat(4000)}.${'B'.repeat(4000)}`,
  `/eyJ${'A'.repeat(4000)}.${'B'.repeat(4000)}/x`,
  `/eyJ${'A'.repeat(4000)}.${'B'.repeat(3900)}.${'C'.repeat(42)}/x`,
  `/eyJA.${'b-'.repeat(4000)}/x`,
  `/${'eyJA.'.repeat(1600)}x`,
  `/${'.eyJ'.repeat(2000)}/x`,
  `/${'a'.repeat(8000)}.x`,
  `/${'a.'.repeat(4000)}/x`,
  `${'/eyJ0123456789abcdef.0123456789abcdef'.repeat(200)}`,
])('takes no time over %.30s', (path) => {
  const start = performance.now();
  for (let i = 0; i < 20; i++) {
    matchToken(path);
    malformedTokenLength(path);
    hasToken(path);
  }
  // Linear: below a millisecond each. A quadratic pattern takes a hundred times as long.
  expect(performance.now() - start).toBeLessThan(400);
});
