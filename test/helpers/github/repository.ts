/** An operator's repository with edgepass installed, and GitHub around it as `fake-gh.mjs` has it. */
import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root } from '../config.ts';

/** As far as tests look at it. */
export interface GitHubState {
  last: number;
  comments: { id: number; issue: number; body: string; user: { login: string } }[];
  issues: { number: number; state: string; title: string; body: string }[];
  pulls: object[];
  runs: object[];
  jobs: object[];
}

export interface Repository {
  /** Holds everything below. */
  base: string;
  /** The checkout. */
  folder: string;
  /** Artifacts by run. */
  artifacts: string;
  /** What every step has in its environment. */
  env: Record<string, string>;
  /** Takes away what is not committed: a job begins with a checkout. */
  fresh(): Promise<void>;
  /** Writes config.yaml and commits it. */
  commit(config: string): Promise<void>;
  state(): Promise<GitHubState>;
  change(edit: Partial<GitHubState>): Promise<void>;
  /** Calls of `gh`. */
  calls(): Promise<string[]>;
}

const NOTHING: GitHubState = { last: 0, comments: [], issues: [], pulls: [], runs: [], jobs: [] };

export async function repositoryWith(config: string): Promise<Repository> {
  const base = await mkdtemp(join(tmpdir(), 'edgepass-workflow-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const [folder, bin, fake] = [join(base, 'repository'), join(base, 'bin'), join(base, 'github')];
  await Promise.all([folder, bin, fake].map((path) => mkdir(path, { recursive: true })));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/edgepass'));
  await writeFile(join(folder, 'package.json'), '{"private": true, "devDependencies": {"edgepass": "0.1.0"}}\n');
  await writeFile(join(folder, '.gitignore'), 'node_modules/\nout/\n');
  const program = async (name: string, text: string): Promise<void> => {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  };
  // What is installed is this checkout, and `npx` would only find it more slowly.
  await program('npx', `#!/bin/sh\n[ "$1" = edgepass ] || exit 127\nshift\nexec node '${root}/dist/cli.js' "$@"\n`);
  await program('npm', '#!/bin/sh\nexit 0\n');
  await cp(join(root, 'test/helpers/github/fake-gh.mjs'), join(bin, 'gh'));
  await chmod(join(bin, 'gh'), 0o755);
  // Without an ending of its name, Node takes the type of a module from package.json.
  await writeFile(join(bin, 'package.json'), '{"type": "module"}\n');
  await writeFile(join(fake, 'state.json'), JSON.stringify(NOTHING));
  await writeFile(join(fake, 'calls.json'), '[]');
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  git('init', '--quiet', '--initial-branch=main');
  const state = async (): Promise<GitHubState> =>
    JSON.parse(await readFile(join(fake, 'state.json'), 'utf8')) as GitHubState;
  const made: Repository = {
    base,
    folder,
    artifacts: join(fake, 'artifacts'),
    env: { PATH: `${bin}:${process.env.PATH}`, HOME: base, CI: 'true', GITHUB_ACTIONS: 'true', FAKE_GH: fake },
    fresh: async () => {
      git('clean', '-qfd');
      await rm(join(folder, 'out'), { recursive: true, force: true });
    },
    commit: async (text) => {
      await writeFile(join(folder, 'config.yaml'), text);
      git('add', '.');
      git('commit', '--quiet', '-m', 'Change');
    },
    state,
    change: async (edit) => writeFile(join(fake, 'state.json'), JSON.stringify({ ...(await state()), ...edit })),
    calls: async () => JSON.parse(await readFile(join(fake, 'calls.json'), 'utf8')) as string[],
  };
  await made.commit(config);
  return made;
}
