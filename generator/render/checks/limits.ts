/** Limits of CloudFormation for a template that is uploaded to S3, as every template of ours is. */
import { type Check, finding } from './check.ts';

const MAX_BYTES = 1_000_000;
const MAX_DESCRIPTION_BYTES = 1_024;
const MAX_ENTRIES = { Resources: 500, Parameters: 200, Outputs: 200 };

export const limits: Check = (context) => {
  const { body, stack, template } = context;
  const over = (message: string, hint: string) => finding(context, { code: 'EP4031', message, hint });
  const found = [];
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_BYTES)
    found.push(over(`the template has ${bytes} bytes, CloudFormation takes ${MAX_BYTES}`, 'Split the stack.'));
  for (const [section, max] of Object.entries(MAX_ENTRIES)) {
    const count = Object.keys(template[section] ?? {}).length;
    if (count > max) found.push(over(`${count} ${section}, CloudFormation takes ${max}`, 'Split the stack.'));
  }
  if (Object.keys(template.Resources ?? {}).length === 0)
    found.push(over('the template has no resources', 'CloudFormation wants at least one.'));
  const length = Buffer.byteLength(stack.description);
  if (length === 0 || length > MAX_DESCRIPTION_BYTES) {
    found.push(
      over(
        `the description has ${length} bytes, not 1 to ${MAX_DESCRIPTION_BYTES}`,
        'State it in the stacks of module.ts.',
      ),
    );
  }
  return found;
};
