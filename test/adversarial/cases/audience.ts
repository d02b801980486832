/** Audience: the deployment's own, whole, in a string or in a list. */
import { state } from '../../runtime/base/world.ts';
import { AUDIENCE, each, type Family, MALFORMED, PASS, withClaims } from '../build.ts';

const others = [
  ...['acme/prod', 'acme/tes', 'acme/test2', 'acme', 'test', 'test/acme', '/acme/test', 'acme/test/', 'acme//test'],
  ...['ACME/TEST', 'Acme/test', 'acme/test ', ' acme/test', 'acme/test,acme/prod', 'acme/test|'],
  ...['*', 'acme/*', '.*', 'acme/t', 'acme%2Ftest', '\uff41cme/test', 'https://acme/test', '__proto__', 'x'],
];

/** No claim has a use for these, so a token with one is no token of ours, whatever else its list holds. */
const unfit = ['acme\\test', 'acme/test"', 'acme/test\n', 'acme/test\u0000', 'acme/test\u001f'];

export const audience: Family[] = [
  {
    attack: 'the token of another deployment',
    cases: [
      ...each(
        AUDIENCE,
        others.flatMap((aud) => [
          [`aud ${JSON.stringify(aud)}`, withClaims({ aud })],
          [`aud [${JSON.stringify(aud)}]`, withClaims({ aud: [aud] })],
        ]),
      ),
      ...each(
        MALFORMED,
        unfit.flatMap((aud) => [
          [`aud ${JSON.stringify(aud)}`, withClaims({ aud })],
          [`ours beside ${JSON.stringify(aud)}`, withClaims({ aud: ['acme/test', aud] })],
        ]),
      ),
      ['an empty one', withClaims({ aud: '' }), AUDIENCE],
      ['all of those', withClaims({ aud: others }), AUDIENCE],
      ['ours among them', withClaims({ aud: [...others, 'acme/test'] }), PASS],
      ['ours first', withClaims({ aud: ['acme/test', 'x'] }), PASS],
      ['a deployment that is called otherwise', withClaims({}, { state: state({ audience: 'acme/test2' }) }), AUDIENCE],
      ['its own token', withClaims({ aud: 'acme/test2' }, { state: state({ audience: 'acme/test2' }) }), PASS],
      [
        'a name with dots and dashes',
        withClaims({ aud: 'a.b_c-d/e' }, { state: state({ audience: 'a.b_c-d/e' }) }),
        PASS,
      ],
      ['a dot stands for itself', withClaims({ aud: 'axb/e' }, { state: state({ audience: 'a.b/e' }) }), AUDIENCE],
    ],
  },
];
