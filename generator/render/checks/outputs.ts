/** The outputs of the template are those that the contract publishes, no more and no fewer. */
import { pascal } from '../pascal.ts';
import { type Check, finding, isMap } from './check.ts';

export const outputs: Check = (context) => {
  const { stack, template } = context;
  const stated = template.Outputs ?? {};
  const planned = new Map(Object.keys(stack.outputs).map((name) => [pascal(name), name]));
  const missing = [...planned]
    .filter(([id]) => !isMap(stated[id]) || stated[id].Value === undefined)
    .map(([id, name]) =>
      finding(context, {
        code: 'EP4033',
        message: `the contract publishes ${name}, but the template has no output ${id}`,
        hint: `Add Outputs: ${id}: {Value: …}.`,
      }),
    );
  const extra = Object.entries(stated)
    .filter(([id]) => !planned.has(id))
    .map(([id, output]) =>
      finding(context, {
        code: 'EP4033',
        message: `the template has an output ${id} that the contract does not publish`,
        hint: 'State it in outputs of module.ts, or take it out.',
        at: [output],
      }),
    );
  return [...missing, ...extra];
};
