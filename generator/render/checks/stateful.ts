/** Resources that hold state survive the deletion of their stack and a replacement. */
import { type Check, finding, isMap } from './check.ts';

// RetainExceptOnCreate keeps all that ever held state; it only lets a failed first deployment clean up.
const KEEPS: Readonly<Record<string, readonly string[]>> = {
  DeletionPolicy: ['Retain', 'RetainExceptOnCreate'],
  UpdateReplacePolicy: ['Retain'],
};

export const stateful: Check = (context) =>
  context.stack.stateful.flatMap((id) => {
    const resource = context.template.Resources?.[id];
    if (!isMap(resource)) {
      return finding(context, {
        code: 'EP4035',
        message: `the contract lists ${id} as stateful, but the template does not define it`,
        hint: 'Correct stateful in module.ts, or define the resource.',
      });
    }
    return Object.entries(KEEPS)
      .filter(([policy, values]) => !values.includes(String(resource[policy])))
      .map(([policy]) =>
        finding(context, {
          code: 'EP4035',
          message: `${id} holds state but has no ${policy}: Retain`,
          hint: `Add ${policy}: Retain beside its Type.`,
          at: [resource],
        }),
      );
  });
