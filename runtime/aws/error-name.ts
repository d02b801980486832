/** Name of an error of the AWS SDK, e.g. `ConflictException`; `''` for what is no error. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
