/** cfn-lint (Python), which knows the resource schemas of each Region and most rules beyond them. */
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { toolPath } from '../../helpers/needs.ts';
import type { Found, TemplateFile } from './found.ts';

interface Match {
  Rule: { Id: string };
  Filename: string;
  Message: string;
  Location: { Path: (string | number)[] | null };
}

/** All findings, warnings and informational ones included. */
export function cfnLint(files: readonly TemplateFile[]): Found[] {
  const regions = new Set(files.map(({ region }) => region));
  return [...regions].flatMap((region) => {
    const paths = files.filter((file) => file.region === region).map(({ path }) => path);
    const program = toolPath('cfn-lint') ?? 'cfn-lint';
    const run = spawnSync(program, ['--regions', region, '--include-checks', 'I', '--format', 'json', ...paths], {
      encoding: 'utf8',
    });
    // Exit code 1 is its own failure; findings are 2 to 14, by their levels.
    if (run.error || run.status === null || run.status === 1) throw new Error(`cfn-lint: ${run.error ?? run.stderr}`);
    const matches = JSON.parse(run.stdout || '[]') as Match[];
    return matches.map(({ Rule, Filename, Message, Location }): Found => {
      const [section, id] = Location.Path ?? [];
      const resource = section === 'Resources' ? { resource: String(id) } : {};
      return { tool: 'cfn-lint', rule: Rule.Id, file: basename(Filename), ...resource, message: Message };
    });
  });
}
