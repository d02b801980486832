/** `docs/api.md` and the code of the token API say the same. */
import { describe, expect, it } from 'vitest';
import { load } from '../../generator/config/load.ts';
import { resolveAll } from '../../generator/config/resolve-all.ts';
import { validate } from '../../generator/config/validate.ts';
import { knownModules } from '../../generator/project.ts';
import { schemaFaults } from '../../runtime/api/json-schema.ts';
import { openApi } from '../../runtime/api/openapi.ts';
import { PROBLEM_CODES, statusOf } from '../../runtime/api/problems.ts';
import { PLAYBACK } from '../../runtime/api/schemas.ts';
import { root } from '../helpers/config.ts';
import { blocks, read, wholeConfig } from './docs-blocks.ts';

const PAGE = 'docs/api.md';
const text = read(PAGE);

it('has every problem once, with its status and what to do', () => {
  const rows = [...text.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| (.{5,}) \|$/gm)].map((row) => `${row[1]} ${row[2]}`);
  expect(rows).toEqual(PROBLEM_CODES.map((code) => `${code} ${statusOf(code)}`));
});

describe('operations', () => {
  it('of services are all in the table, with the scopes of the defaults', () => {
    const rows = [...text.matchAll(/^\| \w[^|]* \| ((?:`[A-Z]+ \S+`(?:, )?)+) \| `([\w:]+)` \|$/gm)];
    const named = rows.flatMap((row) =>
      [...(row[1] as string).matchAll(/`([A-Z]+ \S+)`/g)].map((match) => match[1] as string),
    );
    const paths = openApi('services').paths as Record<string, object>;
    const there = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(named.sort()).toEqual(there.sort());
    const schema = JSON.parse(read('templates/api/schema.json')) as {
      properties: { auth: { properties: { scopes: { properties: Record<string, { default: string }> } } } };
    };
    const scopes = Object.values(schema.properties.auth.properties.scopes.properties).map((scope) => scope.default);
    for (const scope of scopes) expect(text).toContain(`\`${scope}\``);
    expect(rows.map((row) => row[2] as string).filter((scope) => !scopes.includes(scope))).toEqual([]);
  });
});

it('shows an answer as the API gives it', () => {
  const [answer] = blocks(PAGE).filter(({ info }) => info === 'json');
  expect(schemaFaults(PLAYBACK, JSON.parse(answer?.text ?? ''))).toEqual([]);
});

it('has a configuration that validates', async () => {
  const known = await knownModules({ packageRoot: root }, root);
  if (!known.ok) throw new Error(JSON.stringify(known.diagnostics));
  const { modules, schema, checks } = known.value;
  const [snippet] = blocks(PAGE).filter(({ info }) => info.startsWith('yaml'));
  const source = load('config.yaml', wholeConfig(snippet?.text ?? ''));
  if (!source.ok) throw new Error(JSON.stringify(source.diagnostics));
  const config = validate(source.value, schema, await checks());
  if (!config.ok) throw new Error(JSON.stringify(config.diagnostics));
  expect(resolveAll(config.value, modules).diagnostics).toEqual([]);
});
