/**
 * config.yaml mutated at random: each run ends in output or in diagnostics, never in an exception, and what is accepted
 * renders. `CASES` sets how many mutants (npm run fuzz:config: 10,000); a failure prints the seed that repeats it.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { load } from '../../generator/config/load.ts';
import { resolveAll } from '../../generator/config/resolve-all.ts';
import { validate } from '../../generator/config/validate.ts';
import { generateAll } from '../../generator/generate.ts';
import { knownModules, type Project } from '../../generator/project.ts';
import type { Diagnostic } from '../../generator/report/diagnostic.ts';
import { printDiagnostics } from '../../generator/report/terminal.ts';
import { root } from '../helpers/config.ts';
import { mutateText, mutateTree } from './mutations.ts';

const CASES = Number(process.env.CASES ?? 1000);
const TEXT = readFileSync(`${root}/config.yaml`, 'utf8');

const known = await knownModules({ packageRoot: root }, root);
if (!known.ok) throw new Error(JSON.stringify(known.diagnostics));
const { modules, schema, cacheDir } = known.value;
const checks = await known.value.checks();

interface Ending {
  kind: 'refused' | 'generated';
  diagnostics: Diagnostic[];
}

/** The whole run up to the writer. */
async function run(text: string): Promise<Ending> {
  const source = load('config.yaml', text);
  if (!source.ok) return { kind: 'refused', diagnostics: source.diagnostics };
  const config = validate(source.value, schema, checks);
  if (!config.ok) return { kind: 'refused', diagnostics: config.diagnostics };
  const resolved = resolveAll(config.value, modules);
  if (!resolved.ok) return { kind: 'refused', diagnostics: resolved.diagnostics };
  const environments = resolved.value;
  const project: Project = { root, cacheDir, modules, schema, config: config.value, environments };
  const generated = await generateAll(project, { cwd: root });
  if (!generated.ok) return { kind: 'refused', diagnostics: generated.diagnostics };
  expect(generated.value).toHaveLength(environments.length);
  return { kind: 'generated', diagnostics: [...resolved.diagnostics, ...generated.diagnostics] };
}

function expectUsable({ kind, diagnostics }: Ending): void {
  if (kind === 'refused') expect(diagnostics.some((d) => d.severity === 'error')).toBe(true);
  for (const diagnostic of diagnostics) {
    expect(diagnostic.code).toMatch(/^EP\d{4}$/);
    expect(diagnostic.hint, diagnostic.message).toMatch(/\S/);
    // What the configuration causes is shown in the configuration.
    if (diagnostic.code.startsWith('EP1') && diagnostic.place?.line !== undefined) {
      expect(diagnostic.place.column).toBeGreaterThan(0);
      expect(diagnostic.place.sourceLine).toBeDefined();
    }
  }
  printDiagnostics(diagnostics, { color: false });
}

describe(`${CASES} mutants of config.yaml`, () => {
  it('end in output or in diagnostics', async () => {
    const seen = { refused: 0, generated: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          mutateText(TEXT),
          mutateTree(parse(TEXT)).map((tree) => stringify(tree)),
        ),
        async (text) => {
          const ending = await run(text);
          seen[ending.kind] += 1;
          expectUsable(ending);
        },
      ),
      { numRuns: CASES },
    );
    // Mutants that are all refused at the door would prove little.
    expect(seen.generated).toBeGreaterThan(CASES / 50);
    expect(seen.refused).toBeGreaterThan(CASES / 5);
  }, 3_600_000);
});
