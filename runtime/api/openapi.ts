/** The OpenAPI 3.1 document of one kind of callers, made from the table that requests are held against. */
import type { JsonSchema } from './json-schema.ts';
import { type Kind, OPERATIONS, type Operation } from './operations.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { PROBLEM } from './schemas.ts';

/** What every operation may answer. */
const ALWAYS: readonly ProblemCode[] = [
  'request-invalid',
  'unauthenticated',
  'scope-missing',
  'internal',
  'identity-provider-unavailable',
  'temporarily-unavailable',
];
const RATED: readonly ProblemCode[] = ['too-many-requests'];
const WITH_BODY: readonly ProblemCode[] = ['body-too-large', 'media-type-unsupported'];
const WITHOUT_BODY: readonly ProblemCode[] = ['body-missing'];

type Json = Record<string, unknown>;

const TITLES = { services: 'edgepass token API for services', viewers: 'edgepass token API for viewers' };

/** By path and method; schemas with a title are components. */
export function openApi(kind: Kind): Json {
  const schemas: Record<string, JsonSchema> = {};
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS as readonly Operation[]) {
    if (operation[kind] === undefined) continue;
    paths[operation.path] ??= {};
    (paths[operation.path] as Json)[operation.method.toLowerCase()] = describe(operation, { kind, schemas });
  }
  return {
    openapi: '3.1.0',
    info: { title: TITLES[kind], version: '1.0.0', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: kind === 'services' ? '/' : '/api' }],
    paths,
    components: { schemas, securitySchemes: SECURITY[kind] },
  };
}

const BEARER = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'Access token of the configured OpenID Connect issuer',
};
const SIGV4 = {
  type: 'apiKey',
  in: 'header',
  name: 'authorization',
  description: 'AWS Signature Version 4 for the service `execute-api`',
  'x-amazon-apigateway-authtype': 'awsSigv4',
};
/** Which one a deployment has is its setting `auth`. */
const SECURITY = { services: { bearer: BEARER, iam: SIGV4 }, viewers: { bearer: BEARER } };

interface Place {
  kind: Kind;
  schemas: Record<string, JsonSchema>;
}

function describe(operation: Operation, { kind, schemas }: Place): Json {
  const { id, summary, parameters } = operation;
  const form = operation[kind] as NonNullable<Operation[Kind]>;
  const content = (schema: JsonSchema, type = 'application/json'): Json => ({
    [type]: { schema: refer(schema, schemas) },
  });
  const responses: Json = {};
  for (const [status, schema] of Object.entries(form.answers))
    responses[status] = { description: 'Done', ...(schema === null ? {} : { content: content(schema) }) };
  for (const [status, codes] of byStatus(problemsOf(operation, form)))
    responses[status] = {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code][1]}`).join(' '),
      content: content(PROBLEM, 'application/problem+json'),
    };
  return {
    operationId: id,
    summary,
    ...(parameters.length === 0 ? {} : { parameters: parametersOf(parameters, kind) }),
    ...(form.body === undefined
      ? {}
      : { requestBody: { required: form.bodyIsOptional !== true, content: content(form.body) } }),
    responses,
    security: Object.keys(SECURITY[kind]).map((name) => ({ [name]: [] })),
  };
}

/** What callers of one kind can get. */
export function problemsOf(operation: Operation, form: NonNullable<Operation[Kind]>): ProblemCode[] {
  return [
    ...operation.problems,
    ...(form.problems ?? []),
    ...ALWAYS,
    ...(form.isRated ? RATED : []),
    ...(form.body && !form.bodyIsOptional ? WITHOUT_BODY : []),
    ...(form.body ? WITH_BODY : []),
  ];
}

function parametersOf(parameters: readonly Parameter[], kind: Kind): Json[] {
  return parameters
    .filter((parameter) => parameter.kind === undefined || parameter.kind === kind)
    .map(({ in: place, name, description, schema, required = false }) => ({
      in: place,
      name,
      description,
      required,
      schema,
    }));
}

type Parameter = Operation['parameters'][number];

/** In order of the status. */
function byStatus(codes: readonly ProblemCode[]): [string, ProblemCode[]][] {
  const found: Record<string, ProblemCode[]> = {};
  for (const code of new Set(codes)) {
    const status = String(PROBLEMS[code][0]);
    found[status] ??= [];
    found[status].push(code);
  }
  return Object.entries(found);
}

/** A reference to a schema that has a title, which becomes a component; the schemas within likewise. */
function refer(schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema | { $ref: string } {
  const { title, ...rest } = inner(schema, schemas);
  if (title === undefined) return rest;
  schemas[title] ??= rest;
  return { $ref: `#/components/schemas/${title}` };
}

function inner(schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, own]) => [name, refer(own, schemas) as JsonSchema]),
      ),
    }),
    ...(items && { items: refer(items, schemas) as JsonSchema }),
    ...(typeof additionalProperties === 'object' && {
      additionalProperties: refer(additionalProperties, schemas) as JsonSchema,
    }),
  };
}
