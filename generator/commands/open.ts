import { openProject, type Project } from '../project.ts';
import type { Outcome } from '../report/diagnostic.ts';
import type { Args, Io } from './command.ts';

/** The project that the arguments name; with `--env`, just that environment of it. */
export function open(args: Args, io: Io): Promise<Outcome<Project>> {
  const place = { cwd: io.cwd, packageRoot: io.packageRoot, configFile: args.config };
  return openProject(place, args.values.env as string | undefined);
}
