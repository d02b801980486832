/** What a request says, checked against the table of operations. */
import type { ApiEvent } from './event.ts';
import { schemaFaults } from './json-schema.ts';
import type { Kind, Operation, Parameter } from './operations.ts';
import { Problem, type RequestFault } from './problems.ts';

/** Larger ones are not even decoded: the largest that can be right has some 40 headers of a viewer in it. */
const MAX_BODY = 48 * 1024;

const MAX_QUERY = 4096;

export interface Input {
  parameters: Readonly<Record<string, string>>;
  /** As the schema of the operation has it; empty where it has no body. */
  body: Readonly<Record<string, unknown>>;
  /** The request itself, for what only a mount can read. */
  event: ApiEvent;
}

interface Request {
  event: ApiEvent;
  operation: Operation;
  form: NonNullable<Operation[Kind]>;
  kind: Kind;
  /** Of the path. */
  parameters: Readonly<Record<string, string>>;
}

/** Throws `request-invalid` and what concerns bodies. */
export function readInput({ event, operation, form, kind, parameters }: Request): Input {
  const faults: RequestFault[] = [];
  const values: Record<string, string> = {};
  // What is not read must not be left out silently.
  if (event.rawQueryString.length > MAX_QUERY)
    throw new Problem('request-invalid', { errors: [{ pointer: '#query', detail: 'is too long' }] });
  const query = new URLSearchParams(event.rawQueryString);
  const known = (operation.parameters as readonly Parameter[]).filter(
    (one) => one.kind === undefined || one.kind === kind,
  );
  for (const { in: place, name, schema, required } of known) {
    const value =
      place === 'path' ? parameters[name] : place === 'query' ? single(query, name, faults) : event.headers[name];
    const pointer = `#${place}/${name}`;
    if (value === undefined) {
      if (required && name === 'x-edgepass-token') throw new Problem('token-missing');
      if (required) faults.push({ pointer, detail: 'is missing' });
      continue;
    }
    faults.push(...schemaFaults(schema, value).map(({ detail }) => ({ pointer, detail })));
    values[name] = value;
  }
  for (const name of new Set(query.keys()))
    if (!known.some((one) => one.in === 'query' && one.name === name))
      faults.push({ pointer: `#query/${name.slice(0, 64)}`, detail: 'is not known' });
  if (faults.length > 0) throw new Problem('request-invalid', { errors: faults.slice(0, 8) });
  return { parameters: values, body: readBody(event, form), event };
}

function single(query: URLSearchParams, name: string, faults: RequestFault[]): string | undefined {
  const values = query.getAll(name);
  if (values.length > 1) faults.push({ pointer: `#query/${name}`, detail: 'is there more than once' });
  return values[0];
}

function readBody(event: ApiEvent, { body: schema, bodyIsOptional }: Request['form']): Input['body'] {
  const { body = '', headers } = event;
  if (schema === undefined) {
    if (body !== '') throw new Problem('request-invalid', { detail: 'This request takes no body.' });
    return {};
  }
  // Base64 makes four characters of three bytes.
  if (
    body.length > (event.isBase64Encoded ? (MAX_BODY * 4) / 3 : MAX_BODY) ||
    Number(headers['content-length']) > MAX_BODY
  )
    throw new Problem('body-too-large', { detail: `At most ${MAX_BODY} bytes are read.` });
  const text = event.isBase64Encoded ? decoded(body) : body;
  if (text === '') {
    if (bodyIsOptional) return {};
    throw new Problem('body-missing');
  }
  if (!/^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(headers['content-type'] ?? ''))
    throw new Problem('media-type-unsupported', { detail: 'Send `content-type: application/json`.' });
  const value = parsed(text);
  const errors = schemaFaults(schema, value);
  if (errors.length > 0) throw new Problem('request-invalid', { errors });
  return value as Input['body'];
}

/** JSON is UTF-8 (RFC 8259); whatever else there is would silently become other characters. */
function decoded(body: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(body, 'base64'));
  } catch {
    throw new Problem('request-invalid', { detail: 'The body is not UTF-8.' });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('request-invalid', { detail: 'The body is not JSON.' });
  }
}
