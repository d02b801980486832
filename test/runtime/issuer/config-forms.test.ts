/** An issuer takes the policies and streams that a configuration may state, in the forms of the published schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typedEnvironment } from '../../../generator/config/environment.ts';
import { createIssuer, fixedKey, type IssuerPolicy } from '../../../runtime/issuer/index.ts';
import { check, example, root } from '../../helpers/config.ts';
import { AUD, record } from './world.ts';

const keys = fixedKey(record);
const make = (policy: object): unknown =>
  createIssuer({ keys, audience: AUD, policies: { p: { lifetime: 60, ...policy } as IssuerPolicy } });

interface Schema {
  properties: Record<string, Schema>;
  items: { pattern: string; minLength?: number; maxLength?: number };
  definitions: Record<string, Schema>;
}
const core = JSON.parse(readFileSync(join(root, 'schema/core.schema.json'), 'utf8')) as Schema;
const { properties } = core.definitions.policy as Schema;
const bind = (properties.bind as Schema).properties;
const pattern = (schema: Schema | undefined): RegExp => new RegExp((schema as Schema).items.pattern);

/** Lists of a policy with the schema's pattern of an item, and the policy that holds one. */
const LISTS: [name: string, form: RegExp, policy: (item: string) => object][] = [
  ['countries', pattern(properties.countries), (item) => ({ countries: [item] })],
  ['regions', pattern(properties.regions), (item) => ({ regions: [item] })],
  ['bind.headers', pattern(bind.headers), (item) => ({ bind: { headers: [item] } })],
  ['bind.query', pattern(bind.query), (item) => ({ bind: { query: [item] } })],
];

describe('an issuer takes', () => {
  it('what the example configuration says, in every environment', () => {
    const { environments } = check(example());
    expect(environments.length).toBeGreaterThan(0);
    for (const environment of environments) {
      const { policies, streams } = typedEnvironment(environment);
      expect(() => createIssuer({ keys, audience: AUD, policies, streams })).not.toThrow();
    }
  });

  it.each(LISTS)('%s as the schema does', (name, form, policy) => {
    const accepts = (item: string): boolean => {
      try {
        make(policy(item));
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(fc.stringMatching(form), (item) => {
        fc.pre(name !== 'bind.headers' || !/^(?:via|host|cookie)$/.test(item));
        expect(accepts(item)).toBe(true);
      }),
    );
    const other = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.stringMatching(form).map((item) => `${item}\n`),
    );
    // Header names are written in lower case by the issuer itself; one so short is among those that a rule refuses.
    const lower = (item: string): string => (name === 'bind.headers' ? item.toLowerCase().replace(/^via$/, '!') : item);
    fc.assert(
      fc.property(other, (item) => {
        expect(accepts(item)).toBe(form.test(lower(item)));
      }),
    );
  });
});
