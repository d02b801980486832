import type { Weather } from '../../helpers/aws/data/in-process.ts';
import { AwsError } from '../../helpers/aws/errors.ts';

/** A weather in which an operation fails the first time, before anything is done. */
export function failing(operation: string, code: string, message = 'failed'): Weather {
  let left = 1;
  return {
    before: (call) => {
      if (call.operation === operation && left-- > 0) throw new AwsError(code, message);
    },
  };
}
