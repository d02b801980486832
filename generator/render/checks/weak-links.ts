/** Outputs are weak links: an export in use cannot be changed, so there are none. */
import { type Check, finding, isMap, walk } from './check.ts';

const HINT = 'Publish an output in module.ts and read it with {{output}}.';

export const weakLinks: Check = (context) => {
  const exported = Object.entries(context.template.Outputs ?? {})
    .filter(([, output]) => isMap(output) && 'Export' in output)
    .map(([id, output]) =>
      finding(context, { code: 'EP4038', message: `output ${id} has an Export`, hint: HINT, at: [output] }),
    );
  const imported: typeof exported = [];
  for (const section of ['Resources', 'Outputs', 'Conditions']) {
    walk(context.template[section] ?? {}, (node, chain) => {
      if (!isMap(node) || !('Fn::ImportValue' in node)) return;
      imported.push(finding(context, { code: 'EP4038', message: 'Fn::ImportValue is used', hint: HINT, at: chain }));
    });
  }
  return [...exported, ...imported];
};
