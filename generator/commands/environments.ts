import { typedEnvironment } from '../config/environment.ts';
import type { Environment } from '../modules/contract.ts';
import { type PipelineRow, rolesFrom, rowOf } from '../output/pipeline-row.ts';
import type { Outcome } from '../report/diagnostic.ts';
import { type Command, EXIT } from './command.ts';
import { open } from './open.ts';
import { show } from './show.ts';

export const environments: Command = {
  name: 'environments',
  summary: 'List the environments, with accounts and roles, also for the matrix of a pipeline',
  usage: '[--env <environment>] [--matrix]',
  options: {
    env: { type: 'string', help: 'That environment only' },
    matrix: { type: 'boolean', help: 'Print the matrix of a GitHub job, as JSON in one line' },
  },
  positionals: { min: 0, max: 0 },
  details: `They come in the order of config.yaml, which is the order in which pipelines deploy them.

Roles are those that bootstrap makes. EDGEPASS_ROLES names others: {"prod": {"plan": "<ARN>", "deploy": "<ARN>", "operate": "<ARN>"}}.`,
  async run(args, io) {
    const opened = await open(args, io);
    if (!opened.ok) return show(opened.diagnostics, args, io);
    const rows = rowsOf(opened.value.environments.map(typedEnvironment), io.env.EDGEPASS_ROLES);
    if (!rows.ok) return show([...opened.diagnostics, ...rows.diagnostics], args, io);
    if (args.values.matrix === true) {
      // Nothing but the matrix: warnings are what `validate` is for.
      io.stdout(`${JSON.stringify({ include: rows.value })}\n`);
      return EXIT.fine;
    }
    const code = show(args.json ? opened.diagnostics : [], args, io, { environments: rows.value });
    if (!args.json) for (const row of rows.value) io.stdout(`${lineOf(row)}\n`);
    return code;
  },
};

function rowsOf(list: readonly Environment[], given: string | undefined): Outcome<PipelineRow[]> {
  const roles = rolesFrom(given);
  if (!roles.ok) return roles;
  return { ok: true, value: list.map((environment) => rowOf(environment, roles.value)), diagnostics: [] };
}

function lineOf({ environment, account, region, protected: isProtected }: PipelineRow): string {
  return [environment, account, region, ...(isProtected ? ['protected'] : [])].join('  ');
}
