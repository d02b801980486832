/** The checks of `validate` on a configuration that is not complete yet. */
import type { SchemaChecks } from '../../config/compile-checks.ts';
import type { JsonSchema } from '../../config/compose-schema.ts';
import { pointerTo } from '../../config/locate.ts';
import { explainError, schemaErrors } from '../../config/schema-errors.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';
import type { Draft, Path } from './draft.ts';

export interface Checker {
  schema: JsonSchema;
  checks: SchemaChecks;
}

/** What is missing is not an error yet: it is a question. */
const LATER = new Set(['required', 'minProperties']);

/** Faults at `path` and below it; of the whole draft when it is left out. */
export function checkDraft(draft: Draft, { schema, checks }: Checker, path: Path = []): Diagnostic[] {
  const at = path.reduce(pointerTo, '');
  return schemaErrors(checks.document, draft)
    .filter((error) => !LATER.has(error.keyword))
    .map((error) => explainError(error, { root: schema, pointer: error.instancePath }))
    .filter(({ pointer }) => at === '' || pointer === at || pointer.startsWith(`${at}/`))
    .map(({ code, message, hint, pointer }) => ({ code, severity: 'error', message, hint, path: pointer }));
}
