/** Token policies that contradict themselves, lock viewers out or say more about them than needed. */
import type { Policy } from '../../modules/contract.ts';
import { at, type Rule, type RuleFinding } from './rule.ts';

/** Headers a function never sees as such, or that are ours. */
const UNBINDABLE =
  /^(cookie|host|authorization|content-length|transfer-encoding|via|connection|cdn-loop|x-edgepass-.*)$/;

/** The bytes beyond ASCII percent-encoded, and nothing else; half a surrogate pair is no character and stays out. */
function encoded(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (char) => encodeURIComponent(Buffer.from(char).toString()));
}

/** What the edge cannot check, or what excludes everybody. */
export const policiesAreConsistent: Rule = ({ policies }) =>
  each(policies, (policy, path) => [
    ...when(policy.cities !== undefined && policy.countries === undefined, {
      ...error(path('cities')),
      message: 'Cities are listed without countries.',
      hint: 'Add `countries`: a city name alone is ambiguous.',
    }),
    ...(policy.cities ?? []).flatMap((city, index) =>
      when(/[^\x20-\x7e]/.test(city), {
        ...error(path('cities', index)),
        message: `CloudFront never writes the city "${city}" like that, so nobody there can watch.`,
        hint: `Write "${encoded(city)}": what is not ASCII arrives percent-encoded.`,
      }),
    ),
    ...(policy.regions ?? []).flatMap((region, index) =>
      when(policy.countries !== undefined && !policy.countries.includes(region.slice(0, 2)), {
        ...error(path('regions', index)),
        message: `Region ${region} lies in no country of the policy, so nobody there can watch.`,
        hint: `Add ${region.slice(0, 2)} to \`countries\`, or remove the region.`,
      }),
    ),
    ...(policy.fallback ?? []).flatMap((kind, index) =>
      when(policy[kind] === undefined, {
        ...error(path('fallback', index)),
        message: `There is a fallback for \`${kind}\`, but no \`${kind}\` are listed.`,
        hint: `List \`${kind}\`, or remove the fallback.`,
      }),
    ),
    ...(policy.bind?.headers ?? []).flatMap((header, index) =>
      when(UNBINDABLE.test(header), {
        ...error(path('bind', 'headers', index)),
        message: `A token cannot be bound to the header \`${header}\`.`,
        hint: 'Choose a header that players send unchanged, such as `user-agent`.',
      }),
    ),
  ]);

/** Whole addresses change in mid-stream on mobile networks and tell more about a viewer than is needed. */
export const networksAreWide: Rule = ({ policies }) =>
  each(policies, (policy, path) => {
    const { v4 = 0, v6 = 0 } = policy.bind?.ip ?? {};
    const narrow = (family: 'v4' | 'v6', width: number, wide: number): RuleFinding[] =>
      when(width > wide, {
        code: 'EP1208',
        severity: 'warning',
        path: path('bind', 'ip', family),
        message: `Binding to /${width} pins a token to ${family === 'v4' ? 'one address or few' : 'a part of one network'}.`,
        hint: `/${wide} survives most address changes and says less about the viewer.`,
      });
    return [...narrow('v4', v4, 24), ...narrow('v6', v6, 64)];
  });

/** Without a session nothing can be revoked. */
export const leaksCanBeStopped: Rule = ({ policies }) =>
  each(policies, (policy, path) =>
    when(!policy.session && policy.lifetime > 86_400, {
      code: 'EP1209',
      severity: 'warning',
      path: path('lifetime'),
      message: 'Tokens live longer than a day and carry no session: a leaked one cannot be revoked.',
      hint: 'Set `session: true`, or a lifetime of a few hours.',
    }),
  );

function each(
  policies: Readonly<Record<string, Policy>>,
  rule: (policy: Policy, path: (...parts: (string | number)[]) => string) => RuleFinding[],
): RuleFinding[] {
  return Object.entries(policies).flatMap(([name, policy]) =>
    rule(policy, (...parts) => at('policies', name, ...parts)),
  );
}

function when(condition: boolean, finding: RuleFinding): RuleFinding[] {
  return condition ? [finding] : [];
}

function error(path: string): Pick<RuleFinding, 'code' | 'severity' | 'path'> {
  return { code: 'EP1206', severity: 'error', path };
}
