/**
 * Where the JSON parser of the edge's engine is not that of the standard. None of it can be made without the signing key;
 * it is written down so that a change of it is noticed, and so that issuers keep away from it.
 */
import { each, type Family, jsonWith, MALFORMED, PASS, withPayload } from '../build.ts';

const sub = (json: string): ReturnType<typeof withPayload> => withPayload(jsonWith(/\}$/, `,"sub":${json}}`));
const nested = (depth: number, [open, close]: [string, string]): string =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;

export const engine: Family[] = [
  {
    attack: 'numbers that are no JSON and that the engine reads',
    engine: true,
    cases: [
      ...each(PASS, [
        ['exp with a zero in front', withPayload(jsonWith(/"exp":/, '"exp":0'))],
        ['exp with a point behind', withPayload(jsonWith(/"exp":\d+/, '"exp":1800000600.'))],
        ['exp with a point and an exponent', withPayload(jsonWith(/"exp":\d+/, '"exp":18000006.e2'))],
        ...['.5', '-.5', '00', '-01', '1.'].map((json): [string, ReturnType<typeof sub>] => [
          `sub is ${json}`,
          sub(json),
        ]),
      ]),
    ],
  },
  {
    attack: 'nesting that the engine does not read',
    engine: true,
    cases: [
      ['30 lists in a claim', sub(nested(30, ['[', ']'])), PASS],
      ['30 objects in a claim', sub(nested(30, ['{"a":', '}'])), PASS],
      ...each(MALFORMED, [
        ['31 lists in a claim', sub(nested(31, ['[', ']']))],
        ['500 lists in a claim', sub(nested(500, ['[', ']']))],
        ['100 objects in a claim', sub(nested(100, ['{"a":', '}']))],
      ]),
    ],
  },
];
