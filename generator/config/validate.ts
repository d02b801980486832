/** Stage 2: the document against the composed schema. Every fault is reported with its place. */
import type { Diagnostic, Outcome } from '../report/diagnostic.ts';
import { outcome } from '../report/diagnostic.ts';
import type { SchemaChecks } from './compile-checks.ts';
import type { JsonSchema } from './compose-schema.ts';
import type { SourceDocument } from './load.ts';
import { locate } from './locate.ts';
import { explainError, schemaErrors } from './schema-errors.ts';

/** A document whose every part has the form the schema asks for. Relations between parts are the rules' business. */
export interface ValidatedConfig {
  source: SourceDocument;
  /** The composed schema it was checked against. */
  schema: JsonSchema;
  checks: SchemaChecks;
  /** Names of the environments, in order of promotion. */
  environments: string[];
}

/** Checks the whole document, all overlays included; merged environments are checked by `resolve`. */
export function validate(source: SourceDocument, schema: JsonSchema, checks: SchemaChecks): Outcome<ValidatedConfig> {
  const diagnostics: Diagnostic[] = [];
  for (const error of schemaErrors(checks.document, source.data)) {
    const { pointer, target, ...text } = explainError(error, { root: schema, source, pointer: error.instancePath });
    diagnostics.push({ severity: 'error', ...text, path: pointer, place: locate(source, pointer, target) });
  }
  const environments = Object.keys((source.data.environments as object | undefined) ?? {});
  return outcome({ source, schema, checks, environments }, diagnostics);
}
