/** Environments of config.yaml as the tables of permissions want them. */

import type { PolicyScope } from '../access/policies.ts';
import { typedEnvironment } from '../config/environment.ts';
import type { Project } from '../project.ts';

export function scopesOf({ environments, modules }: Project): PolicyScope[] {
  return environments.map((resolved) => {
    const { project, name, account, region, modules: on } = typedEnvironment(resolved);
    return { project, environment: name, account, region, modules: modules.filter(({ id }) => on.includes(id)) };
  });
}
