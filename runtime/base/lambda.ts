/** Entry of the Lambda functions of this module: one package, a handler each. */
export { keys } from './keys.ts';
export { revocations } from './revocations.ts';
