/** The config stages over a text, with the real schema and without the file system. */
import { readFileSync } from 'node:fs';
import { compileChecks } from '../../generator/config/compile-checks.ts';
import { composeSchema, type JsonSchema } from '../../generator/config/compose-schema.ts';
import { load } from '../../generator/config/load.ts';
import type { ResolvedEnvironment } from '../../generator/config/resolve.ts';
import { resolveAll } from '../../generator/config/resolve-all.ts';
import { type ValidatedConfig, validate } from '../../generator/config/validate.ts';
import type { ModuleContract } from '../../generator/modules/contract.ts';
import type { Module } from '../../generator/modules/module.ts';
import type { Diagnostic } from '../../generator/report/diagnostic.ts';

export const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

const json = (path: string): JsonSchema => JSON.parse(readFileSync(`${root}/${path}`, 'utf8')) as JsonSchema;

/** A contract that renders nothing. */
export function contract(changes: Partial<ModuleContract> = {}): ModuleContract {
  return {
    title: 'Test',
    summary: 'A module for tests.',
    requires: [],
    stacks: {},
    functions: {},
    outputs: {},
    imports: [],
    view: () => ({}),
    rules: () => [],
    runtimeOwned: [],
    stateful: [],
    permissions: [],
    ...changes,
  };
}

/** The settings of `base` with a contract that renders nothing, and an optional module `extra` with one setting. */
export const modules: Module[] = [
  {
    id: 'base',
    templates: '/t/base',
    runtime: '/r/base',
    schema: json('templates/base/schema.json'),
    contract: contract({ always: true }),
  },
  {
    id: 'extra',
    templates: '/t/extra',
    runtime: '/r/extra',
    schema: {
      type: 'object',
      additionalProperties: false,
      properties: { level: { type: 'integer', minimum: 1, maximum: 9, default: 3, examples: [4] } },
    },
    contract: contract({
      requires: ['base'],
      rules: (settings) =>
        settings.level === 9
          ? [
              {
                severity: 'warning',
                rule: 'loud',
                path: '/modules/extra/level',
                message: 'Nine is loud.',
                hint: 'Use 8.',
              },
            ]
          : [],
    }),
  },
];

export const schema = composeSchema(
  json('schema/core.schema.json'),
  modules.map((m) => ({ id: m.id, schema: m.schema, always: m.contract.always === true })),
);

export const checks = await compileChecks({ schema, inputs: [], cache: { dir: undefined, root }, packageRoot: root });

export interface Checked {
  diagnostics: Diagnostic[];
  environments: ResolvedEnvironment[];
  config?: ValidatedConfig;
}

/** All config stages; `environments` is empty when one of them failed. */
export function check(text: string): Checked {
  const source = load('config.yaml', text);
  if (!source.ok) return { diagnostics: source.diagnostics, environments: [] };
  const config = validate(source.value, schema, checks);
  if (!config.ok) return { diagnostics: config.diagnostics, environments: [] };
  const resolved = resolveAll(config.value, modules);
  return { diagnostics: resolved.diagnostics, environments: resolved.ok ? resolved.value : [], config: config.value };
}

/** `EP1101 12:5` for each diagnostic: what it is and where the cursor goes. */
export function cursors(text: string): string[] {
  return check(text).diagnostics.map((d) => `${d.code} ${d.place?.line ?? '-'}:${d.place?.column ?? '-'}`);
}

/** A small valid config; `more` is appended, `replace` swaps parts of the text. */
export function example(...replacements: [from: string, to: string][]): string {
  let text = EXAMPLE;
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`the example has no ${JSON.stringify(from)}`);
    text = text.replace(from, () => to);
  }
  return text;
}

const EXAMPLE = `project: acme-video
origins:
  packager: {domain: origin.example.com}
policies:
  subscriber:
    lifetime: 4h
streams:
  live:
    paths: [/live/]
    policy: subscriber
  vod:
    paths: [/vod/]
    policy: subscriber
environments:
  dev:
    account: "111111111111"
    region: eu-west-1
  prod:
    account: "222222222222"
    region: eu-west-1
    protected: true
`;
