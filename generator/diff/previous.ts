/** The side to compare with: an output folder of an earlier run, or what a git revision would generate. */
import { dirname, relative, resolve } from 'node:path';
import { openProject, type Place } from '../project.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../report/diagnostic.ts';
import { type Checkout, checkout } from './checkout.ts';
import { GitError, type GitOptions } from './git.ts';
import { environmentsIn, readOutput } from './output-folder.ts';
import { projectSides } from './project-sides.ts';
import type { Side } from './side.ts';

export interface PreviousOptions extends Place {
  /** A folder with manifests, or a git revision. */
  against: string;
  /** Only this environment. */
  only: string | undefined;
  env: GitOptions['env'];
}

export async function previous(options: PreviousOptions): Promise<Outcome<Side[]>> {
  const folder = resolve(options.cwd, options.against);
  const names = await environmentsIn(folder);
  if (names.length > 0) {
    const wanted = names.filter((name) => options.only === undefined || name === options.only);
    return readOutput(folder, { shown: options.against, names: wanted });
  }
  return ofRevision(options);
}

async function ofRevision(options: PreviousOptions): Promise<Outcome<Side[]>> {
  const { against: revision, packageRoot, env } = options;
  const configFile = resolve(options.cwd, options.configFile);
  const root = dirname(configFile);
  let copy: Checkout;
  try {
    copy = await checkout({ revision, root, configFile, packageRoot, env });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return failed(unknown(revision, error.message));
  }
  try {
    if (!copy.hasConfig) return outcome<Side[]>([], [noConfig(options)]);
    const place = {
      cwd: copy.inCopy(root),
      packageRoot: copy.packageRoot,
      configFile: relative(root, configFile),
    };
    return atRevision(await sidesOf(place, { root, only: options.only, cacheDir: copy.cacheDir }), revision);
  } finally {
    await copy.remove();
  }
}

async function sidesOf(
  place: Place,
  { root, only, cacheDir }: { root: string; only: string | undefined; cacheDir: string },
): Promise<Outcome<Side[]>> {
  const opened = await openProject(place, only);
  // The environment is new.
  if (!opened.ok && opened.diagnostics.every(({ code }) => code === 'EP1401')) return outcome<Side[]>([]);
  if (!opened.ok) return opened;
  // Packages keep the path they have from the root of today, which stands in bundled CommonJS; the builds of a folder
  // that is gone a moment later are not worth keeping.
  return projectSides({ ...opened.value, root, cacheDir }, { cwd: place.cwd });
}

/** Places are files of the revision. What is only a warning there is not news now. */
function atRevision(found: Outcome<Side[]>, revision: string): Outcome<Side[]> {
  if (found.ok) return outcome(found.value);
  const errors = found.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map((diagnostic): Diagnostic => {
      const { place } = diagnostic;
      return place === undefined
        ? diagnostic
        : { ...diagnostic, place: { ...place, file: `${revision}:${place.file}` } };
    });
  const summary: Diagnostic = {
    code: 'EP5101',
    severity: 'error',
    message: `Nothing can be generated from revision ${revision}, so there is nothing to compare with.`,
    hint: 'Name a revision that was valid: --against <revision>.',
  };
  return failed(...errors, summary);
}

function unknown(revision: string, why: string): Diagnostic {
  return {
    code: 'EP5101',
    severity: 'error',
    message: `\`${revision}\` is neither an output folder nor a git revision here: ${why}.`,
    hint: 'Name a folder that holds <environment>/manifest.json, or a revision such as HEAD~1 or origin/main.',
  };
}

function noConfig({ against, configFile }: PreviousOptions): Diagnostic {
  return {
    code: 'EP5102',
    severity: 'notice',
    message: `Revision ${against} has no ${configFile}: everything is new.`,
    hint: 'Commit it, or name another revision with --against.',
  };
}
