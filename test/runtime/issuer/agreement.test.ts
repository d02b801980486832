/**
 * Random requests to issuer and edge. What is issued passes the function that ships, for this viewer and for no other; what is
 * refused, and is minted by somebody careless, is refused there too.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Issued, IssueRequest } from '../../../runtime/issuer/index.ts';
import { describeWith } from '../../helpers/needs.ts';
import type { Asked } from '../base/world.ts';
import { mintAnything, roughNetwork } from './careless.ts';
import { askFor, edge, environment, HOST, issuer } from './world.ts';

const RUNS = Number(process.env.RUNS ?? 1500);

const octet = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
/** The forms of RFC 4291: full, upper case, leading zeros, `::` for a run of zeros at any place. */
const ipv6 = fc
  .record({ groups, upper: fc.boolean(), pad: fc.boolean(), at: fc.nat(7), zeros: fc.integer({ min: 0, max: 7 }) })
  .map((form) => {
    const parts = form.groups
      .map((group, index) => (index >= form.at && index < form.at + form.zeros ? 0 : group))
      .map((group) => group.toString(16).padStart(form.pad ? 4 : 1, '0'));
    const end = Math.min(8, form.at + form.zeros);
    const text =
      form.zeros === 0 ? parts.join(':') : `${parts.slice(0, form.at).join(':')}::${parts.slice(end).join(':')}`;
    return form.upper ? text.toUpperCase() : text;
  });
const ip = fc.oneof(
  ipv4,
  ipv6,
  ipv4.map((address) => `::ffff:${address}`),
);

/** Anything HTTP carries, with the separators of the binding, and texts beyond ASCII. */
const value = fc.oneof(
  fc.string({ minLength: 1, maxLength: 80 }).map((text) => `a${text}b`),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((text) => `<${text.replace(/[\p{C}]/gu, '')}>`),
  fc.constantFrom('1:h10:user-agent', '0:', 'é', '日本', '🙂', 'x'.repeat(1024), '', undefined),
);
const segment = fc.stringMatching(/^[A-Za-z0-9_~!$&'()*+,=:@-]{1,12}$/);
const name = fc.oneof(segment, fc.constantFrom('%C3%A9', '%20', 'a.b', '%61', '%c3%a9', '..', 'a;b', ''));
const path = fc
  .tuple(
    fc.constantFrom(...Object.values(environment.streams).flatMap(({ paths }) => paths)),
    fc.array(name, { maxLength: 3 }),
    name,
  )
  .map(([prefix, folders, file]) => prefix + [...folders, file].join('/'));
const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.constantFrom(
    '?device=1',
    '?a=b&device=2',
    '?device=%20&x',
    '?device=1&device=2',
    '?device',
    '?token=1',
    '?%74=1',
    '?x=;',
  ),
);
const session = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  fc.stringMatching(/^[A-Za-z0-9_-]{16,64}$/),
  fc.stringMatching(/^[A-Za-z0-9_.-]{14,66}$/),
);

const request: fc.Arbitrary<IssueRequest> = fc
  .record({
    policy: fc.constantFrom(...Object.keys(environment.policies)),
    url: fc.tuple(path, query).map(([asked, tail]) => `https://${HOST}${asked}${tail}`),
    viewer: fc.record({
      ip: fc.oneof({ weight: 9, arbitrary: ip }, fc.constantFrom('', '1.2.3', '01.2.3.4', '::1%0', '1::2::3')),
      headers: fc.record({ 'user-agent': value, 'x-device': value }),
    }),
    session,
    ttl: fc.option(fc.constantFrom(1, 60, 61, 600, 3600, 3601, 7200, 7201, 0), { nil: undefined, freq: 3 }),
    geography: fc.option(
      fc.constantFrom(
        { countries: ['FR'] },
        { countries: ['FR', 'BE'] },
        { countries: ['FR', 'DE'] },
        { regions: ['FR-IDF'] },
        { countries: ['FR'], cities: ['Paris'] },
      ),
      { nil: undefined, freq: 2 },
    ),
  })
  .map(
    (made) =>
      Object.fromEntries(Object.entries(made).filter(([, member]) => member !== undefined)) as unknown as IssueRequest,
  )
  // Half of the requests name the policy of their stream, or hardly any would be issued.
  .chain((made) => fc.boolean().map((own) => (own ? { ...made, policy: policyOf(made.url) ?? made.policy } : made)));

function policyOf(url: string): string | undefined {
  return Object.values(environment.streams)
    .filter(({ paths }) => paths.some((prefix) => url.startsWith(`https://${HOST}${prefix}`)))
    .at(-1)?.policy;
}

/**
 * Refusals that the edge cannot share: a form in which the attribute never arrives; and what goes beyond the token's own
 * policy on a stream that demands less, since the edge knows the stream's policy only.
 */
function isOurs({ code, request }: Outcome): boolean {
  if (code === 'attribute_invalid') return true;
  return (
    (code === 'geography_not_allowed' || code === 'family_not_allowed') && request.policy !== policyOf(request.url)
  );
}

interface Outcome {
  request: IssueRequest;
  issued?: Issued;
  code?: string;
}

describeWith(['njs'], 'issuer and edge agree', () => {
  it('on random requests', async () => {
    const made = issuer();
    const outcomes: Outcome[] = await Promise.all(
      fc.sample(request, { numRuns: RUNS, seed: 7 }).map((one) =>
        made.issue(one).then(
          (issued) => ({ request: one, issued }),
          (error: { code: string }) => ({ request: one, code: error.code }),
        ),
      ),
    );
    const asked = (outcome: Outcome): Asked =>
      askFor(outcome.issued ?? mintAnything(outcome.request, environment), outcome.request.viewer);
    const verdicts = await edge(outcomes.map(asked));
    const passed = outcomes.filter(({ issued }) => issued !== undefined).length;
    for (const [index, outcome] of outcomes.entries()) {
      const verdict = verdicts[index] as string;
      if (outcome.issued !== undefined)
        expect([outcome.request, verdict.split(' ')[0]]).toEqual([outcome.request, 'pass']);
      else if (!isOurs(outcome))
        expect([outcome.code, outcome.request, verdict]).toEqual([
          outcome.code,
          outcome.request,
          expect.stringMatching(/^4\d\d \w/),
        ]);
    }
    // Both sides of the agreement are exercised.
    expect(passed).toBeGreaterThan(RUNS / 10);
    expect(outcomes.length - passed).toBeGreaterThan(RUNS / 10);
  });

  it('that a token is for its network, its headers, its folder and its session only', async () => {
    const made = issuer();
    const viewers = fc.sample(
      fc.record({
        ip,
        headers: fc.record({ 'user-agent': value.filter((text) => text !== '' && text !== undefined) }),
      }),
      { numRuns: 300, seed: 11 },
    );
    const others: Asked[] = [];
    for (const viewer of viewers as NonNullable<IssueRequest['viewer']>[]) {
      const address = viewer.ip as string;
      const issued = await made.issue({ policy: 'all', url: `https://${HOST}/all/a/b`, viewer }).catch(() => undefined);
      if (issued === undefined) continue;
      const asked = askFor(issued, viewer);
      const [width, other] = address.includes('.') ? [24, '198.51.100.7'] : [56, '2001:db8:ffff:ffff::1'];
      const plain = address.replace('::ffff:', '');
      if (roughNetwork(plain, width) === roughNetwork(other, width)) continue;
      others.push({ ...asked, ip: other });
      others.push({ ...asked, headers: { ...asked.headers, 'user-agent': `${viewer.headers?.['user-agent']}.` } });
      others.push({ ...asked, uri: asked.uri.replace('/all/a/b', '/all/ab/b') });
      others.push({ ...asked, uri: asked.uri.replace(issued.session as string, 's'.repeat(22)) });
    }
    expect(others.length).toBeGreaterThan(400);
    const kinds = ['403 binding_mismatch', '403 binding_mismatch', '403 path_not_allowed', '401 token_malformed'];
    const verdicts = await edge(others);
    expect(verdicts).toEqual(verdicts.map((_, index) => kinds[index % 4]));
  });
});
