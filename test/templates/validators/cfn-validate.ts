/** The validator that CloudFormation itself publishes (npm, WebAssembly). */
import { basename } from 'node:path';
import { RegoEngine, TemplateFile as Template } from '@aws/cloudformation-validate';
import type { Found, TemplateFile } from './found.ts';

/** Errors and warnings. A wrong enumeration value (W3030), which AWS would refuse, is only a warning there. */
export function cfnValidate(files: readonly TemplateFile[]): Found[] {
  const engine = new RegoEngine();
  try {
    return files.flatMap(({ path }) =>
      engine
        .validateStandard(new Template(path))
        .diagnostics.filter(({ severity }) => severity !== 'INFO' && severity !== 'DEBUG')
        .map((found): Found => {
          const resource = found.entity?.logicalId;
          return {
            tool: 'cfn-validate',
            rule: found.ruleId,
            file: basename(path),
            ...(resource && { resource }),
            message: found.message,
          };
        }),
    );
  } finally {
    engine.free();
  }
}
