/** What of the settings file of "Secure Media Delivery at the Edge on AWS" (solution.context.json) belongs here. */
import type { Adoption, Json } from '../../generator/modules/contract.ts';

/** Capacities that `revocation.wafCapacity` takes. */
const CAPACITY = { min: 50, max: 4900 };

export function adoptions(file: { readonly [key: string]: Json }): Adoption[] {
  return [...capacity(memberOf(file, 'main', 'wcu')), ...hosts(file), ...rotation(file)];
}

/** Days of a calendar, there. */
function rotation(file: { readonly [key: string]: Json }): Adoption[] {
  const there = ['rotate_secrets_frequency', 'rotate_secrets_pattern'].filter(
    (name) => memberOf(file, 'main', name) !== undefined,
  );
  return there.map((name) => ({
    from: `main.${name}`,
    because: 'Keys are rotated after a time, not on days of a calendar.',
    hint: 'Say how long with `modules.base.keys.rotateEvery`; left out, 30d.',
  }));
}

/** That solution always has its rule group, which is the only place where it refuses revoked sessions. */
function capacity(value: Json | undefined): Adoption[] {
  if (value === undefined) return [];
  const from = 'main.wcu';
  const given = typeof value === 'object' ? Number.NaN : Number(value);
  if (!Number.isInteger(given) || given < 1)
    return [
      { from, because: 'It is not a whole number.', hint: 'Without AWS WAF the edge check refuses revoked sessions.' },
    ];
  const wafCapacity = Math.min(Math.max(given, CAPACITY.min), CAPACITY.max);
  const settings = { 'revocation.waf': true, 'revocation.wafCapacity': wafCapacity };
  const changed = wafCapacity === given ? '' : `${given} is out of range here, so it is ${wafCapacity}. `;
  return [
    {
      from,
      settings,
      because: `${changed}The edge check refuses revoked sessions as well, so AWS WAF may also be left out.`,
    },
  ];
}

/** The host names of a distribution that exists; only its owner knows whether it is to stay. */
function hosts(file: { readonly [key: string]: Json }): Adoption[] {
  const sections = ['hls', 'dash'].filter((section) => memberOf(file, section, 'hostname') !== undefined);
  return sections.map((section) => ({
    from: `${section}.hostname`,
    because: 'It is the name of a distribution that exists already, and a name belongs to one distribution.',
    hint: 'To keep that one: --set modules.base.distribution.attach=<its id>. To move the name later: see `domains`.',
  }));
}

function memberOf(file: { readonly [key: string]: Json }, section: string, name: string): Json | undefined {
  const value = file[section];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
