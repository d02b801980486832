/** What a project generates, as one side of a comparison. */
import { typedEnvironment } from '../config/environment.ts';
import { type Generated, generateAll } from '../generate.ts';
import type { Project } from '../project.ts';
import type { Outcome } from '../report/diagnostic.ts';
import { lifetimesOf, type Side } from './side.ts';

export async function projectSides(project: Project, options: { cwd: string }): Promise<Outcome<Side[]>> {
  const generated = await generateAll(project, options);
  if (!generated.ok) return generated;
  return { ...generated, value: generated.value.map((made) => sideOf(project, made)) };
}

function sideOf(project: Project, { tree }: Generated): Side {
  const resolved = project.environments.find(({ name }) => name === tree.environment);
  return { tree, ...(resolved && { lifetimes: lifetimesOf(typedEnvironment(resolved)) }) };
}
