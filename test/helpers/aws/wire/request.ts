/** One request as it came in: who asks which service in which Region. */
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../errors.ts';
import { decodeChunked } from './chunked.ts';

export interface AwsRequest {
  method: string;
  /** Path without the query, still encoded. */
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  /** Decoded: without the frames of a streamed upload. */
  body: Buffer;
  service: string;
  region: string;
  accessKeyId: string;
}

const SCOPE = /Credential=([^/]+)\/\d{8}\/([^/]*)\/([^/]+)\/aws4_request/;

export async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const raw = Buffer.concat(parts);
  const streamed = headers['x-amz-content-sha256']?.startsWith('STREAMING-') ?? false;
  const { body, trailers } = streamed ? decodeChunked(raw) : { body: raw, trailers: {} };
  const [path = '/', search = ''] = (incoming.url ?? '/').split('?', 2);
  const query = new URLSearchParams(search);
  const scope = SCOPE.exec(headers.authorization ?? '') ?? presigned(query);
  if (!scope)
    throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', { status: 403 });
  const [, accessKeyId = '', region = '', service = ''] = scope;
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    headers: { ...headers, ...trailers },
    body,
    service,
    region,
    accessKeyId,
  };
}

function presigned(query: URLSearchParams): RegExpExecArray | null {
  return SCOPE.exec(`Credential=${query.get('X-Amz-Credential') ?? ''}`);
}
