/** A log group without RetentionInDays keeps (and bills) its logs for ever. */
import { type Check, finding, isMap, resourcesOf } from './check.ts';

export const logRetention: Check = (context) =>
  resourcesOf(context.template)
    .filter(
      ([, { Type, Properties }]) =>
        Type === 'AWS::Logs::LogGroup' && !(isMap(Properties) && Properties.RetentionInDays),
    )
    .map(([id, resource]) =>
      finding(context, {
        code: 'EP4034',
        message: `log group ${id} has no RetentionInDays`,
        hint: "Add RetentionInDays, e.g. {{value 'logRetentionDays'}}.",
        at: [resource],
      }),
    );
