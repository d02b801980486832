/** Size limits of Lambda packages. Source: AWS Lambda Developer Guide, "Lambda quotas". */
import type { Diagnostic } from '../report/diagnostic.ts';

const MIB = 1024 * 1024;

/** All of a function's files, unpacked; AWS refuses more. */
export const MAX_UNZIPPED_BYTES = 250 * MIB;

/** The zip: more cannot be uploaded directly, and is a sign that something was bundled that should not be. */
export const LARGE_ZIP_BYTES = 50 * MIB;

/** What there is to say about the size of function `id`. */
export function checkLambdaSize(
  size: { zipped: number; unzipped: number },
  { id, entry }: { id: string; entry: string },
): Diagnostic[] {
  const hint = 'Import only the clients and files that the function needs.';
  const place = { file: entry };
  if (size.unzipped > MAX_UNZIPPED_BYTES) {
    const message = `${id} has ${mib(size.unzipped)} MiB unpacked; Lambda allows ${mib(MAX_UNZIPPED_BYTES)}.`;
    return [{ code: 'EP3003', severity: 'error', message, hint, place }];
  }
  if (size.zipped <= LARGE_ZIP_BYTES) return [];
  return [
    { code: 'EP3004', severity: 'warning', message: `The package of ${id} has ${mib(size.zipped)} MiB.`, hint, place },
  ];
}

const mib = (bytes: number): string => (bytes / MIB).toFixed(1);
