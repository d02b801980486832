/**
 * Compiles the composed schema into check functions. Compiling takes longer than all checks of a run together, so the
 * functions are kept as code, by content of the schema.
 */
import { createHash } from 'node:crypto';
import type { ValidateFunction } from 'ajv';
import { type CacheOptions, cached } from '../bundle/cache.ts';
import { importText } from '../modules/import-text.ts';
import { type JsonSchema, resolvedSchema } from './compose-schema.ts';

export interface SchemaChecks {
  /** The document as written. */
  document: ValidateFunction;
  /** One environment after merging. */
  environment: ValidateFunction;
}

export interface CompileOptions {
  schema: JsonSchema;
  /** Files that the schema was composed of; absolute. */
  inputs: readonly string[];
  cache: Pick<CacheOptions<string>, 'dir' | 'root'>;
  /** Folder in which the libraries are found. */
  packageRoot: string;
}

export async function compileChecks({ schema, inputs, cache, packageRoot }: CompileOptions): Promise<SchemaChecks> {
  const digest = createHash('sha256').update(JSON.stringify(schema)).digest('hex');
  const code = await cached<string>({
    ...cache,
    key: { recipe: 'schema-checks-1', digest },
    build: async () => ({ output: await standalone(schema, packageRoot), inputs }),
  });
  return (await importText(code)) as SchemaChecks;
}

/** One self-contained ES module that exports the two functions. */
async function standalone(schema: JsonSchema, packageRoot: string): Promise<string> {
  const [{ Ajv }, { default: standaloneCode }, { build }] = await Promise.all([
    import('ajv'),
    import('ajv/dist/standalone/index.js'),
    import('esbuild'),
  ]);
  const options = {
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    code: { source: true, esm: true },
  } as const;
  const ajv = new Ajv(options);
  ajv.addSchema({ ...schema, $id: 'document' });
  ajv.addSchema({ ...resolvedSchema(schema), $id: 'environment' });
  const contents = standaloneCode.default(ajv, { document: 'document', environment: 'environment' });
  const bundled = await build({
    stdin: { contents, resolveDir: packageRoot, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    minify: true,
    write: false,
    logLevel: 'silent',
  });
  return bundled.outputFiles[0]?.text ?? '';
}
