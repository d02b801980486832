/** What the package promises to those who install it. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/config.ts';

/** What an import or a require of a path gets. */
type Conditions = Record<'import' | 'require', { types: string; default: string }>;

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  exports: Record<string, string | Conditions>;
  scripts: Record<string, string>;
};

/** A script with every script that it runs. */
function wholeScript(name: string): string {
  const text = manifest.scripts[name] ?? '';
  const inner = [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, called = '']) => wholeScript(called));
  return [text, ...inner].join('\n');
}

function tracked(...patterns: string[]): string[] {
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...patterns], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)));
}

describe('the package', () => {
  it('pins exact versions', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  it('keeps download addresses out of the lockfile', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "http/);
  });

  it('keeps files short: none over 400 lines, the median at most 90', () => {
    const lengths = tracked('generator/**/*.ts', 'runtime/**/*.ts', 'templates/**/*.ts').map(
      (file): [string, number] => [file, readFileSync(join(root, file), 'utf8').split('\n').length],
    );
    expect(lengths.filter(([, lines]) => lines > 400)).toEqual([]);
    const sorted = lengths.map(([, lines]) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(90);
  });

  it('makes what it exports when it is packed, and not whenever somebody generates', () => {
    const { import: esm, require: cjs } = manifest.exports['./token'] as Conditions;
    expect(wholeScript('prepare')).toContain(`--outfile=${esm.default.slice(2)} `);
    expect(wholeScript('prepare')).toContain(`--outfile=${cjs.default.slice(2)} `);
    expect(wholeScript('prepare')).toContain('tsc -p tsconfig.token.json');
    // The compiler takes longer than everything that `generate` does, which has no use for types.
    expect(wholeScript('generate')).not.toMatch(/tsc|token/);
  });

  it('loads no AWS SDK to issue tokens', () => {
    const text = readFileSync(join(root, 'dist/token.js'), 'utf8');
    // The key source of Secrets Manager imports its client by a name in a variable, when it is first asked.
    expect(text.match(/^import .*$/gm)?.filter((line) => !line.includes('"node:'))).toEqual([]);
  });
});
