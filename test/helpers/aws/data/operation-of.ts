/** From a request of an SDK client to an operation with its input: JSON with a target, and the REST of the KeyValueStore. */
import { AwsError } from '../errors.ts';
import type { KvsInput } from './key-values.ts';

export interface WireRequest {
  method: string;
  /** Encoded. */
  path: string;
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface Operation {
  operation: string;
  input: unknown;
}

export function jsonOperation({ headers, body }: WireRequest): Operation {
  const operation = headers['x-amz-target']?.split('.')[1] ?? '';
  return { operation, input: JSON.parse(body === '' ? '{}' : body) };
}

const KVS_PATH = /^\/key-value-stores\/([^/]+)(\/keys(?:\/([^/]+))?)?$/;

export function kvsOperation({ method, path, query, headers, body }: WireRequest): Operation {
  const found = KVS_PATH.exec(path);
  if (found === null) throw new AwsError('UnknownOperationException', path, { status: 404 });
  const [, arn = '', keys, key] = found;
  const input: KvsInput = {
    ...(body === '' ? {} : (JSON.parse(body) as object)),
    KvsARN: decodeURIComponent(arn),
    ...(key === undefined ? {} : { Key: decodeURIComponent(key) }),
    ...(headers['if-match'] === undefined ? {} : { IfMatch: headers['if-match'] }),
    ...(query.NextToken === undefined ? {} : { NextToken: query.NextToken }),
    ...(query.MaxResults === undefined ? {} : { MaxResults: Number(query.MaxResults) }),
  };
  const what = keys === undefined ? 'store' : key === undefined ? 'keys' : 'key';
  const operation = KVS_OPERATIONS[`${method} ${what}`];
  if (operation === undefined) throw new AwsError('UnknownOperationException', `${method} ${path}`, { status: 404 });
  return { operation, input };
}

const KVS_OPERATIONS: Readonly<Record<string, string>> = {
  'GET store': 'DescribeKeyValueStore',
  'GET keys': 'ListKeys',
  'POST keys': 'UpdateKeys',
  'GET key': 'GetKey',
  'PUT key': 'PutKey',
  'DELETE key': 'DeleteKey',
};
