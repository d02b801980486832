/** From a decoded request to the answer of the service it is for. */

import { OPERATIONS } from './cloudformation/api.ts';
import { answerCloudFront, cloudFrontError, routeCloudFront } from './cloudfront/http.ts';
import { jsonOperation, type Operation } from './data/operation-of.ts';
import { AwsError } from './errors.ts';
import { IAM_OPERATIONS } from './iam/operations.ts';
import { answerS3, routeS3, s3Error } from './s3/http.ts';
import type { Services } from './services.ts';
import { getCallerIdentity } from './sts.ts';
import type { Answer } from './wire/answer.ts';
import { decodeQuery, encodeQuery, encodeQueryError, type QueryInput } from './wire/query.ts';
import type { AwsRequest } from './wire/request.ts';

/** A request that is understood, and how to go on with it. */
export interface Routed {
  operation: string;
  input: unknown;
  run(requestId: string): Answer | Promise<Answer>;
}

const NAMESPACES: Readonly<Record<string, string>> = {
  cloudformation: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

export function route(services: Services, request: AwsRequest): Routed {
  const { service, region, accessKeyId } = request;
  const account = services.accountOf(accessKeyId);
  if (service === 's3') {
    const call = routeS3(request);
    const input = { Bucket: call.bucket, ...(call.key === '' ? {} : { Key: call.key }) };
    return {
      operation: call.operation,
      input,
      run: () => answerS3(services.s3, request, { ...call, caller: { account, region } }),
    };
  }
  if (service === 'cloudfront') {
    const call = routeCloudFront(request);
    return {
      operation: call.operation,
      input: { Id: call.id },
      run: () => answerCloudFront(services.cloudFront, request, { ...call, account }),
    };
  }
  if (JSON_SERVICES.has(service)) {
    const { method, path, headers, body } = request;
    const call = jsonOperation({ method, path, query: {}, headers, body: body.toString('utf8') });
    const answer = data(services, service, { ...call, account, region });
    const run = async (): Promise<Answer> => ({
      status: 200,
      headers: JSON_HEADERS,
      body: JSON.stringify(await answer()),
    });
    return { ...call, run };
  }
  const { action, input } = decodeQuery(request.body.toString('utf8'));
  const output = query(services, { ...request, account }, { action, input });
  const namespace = NAMESPACES[service] ?? '';
  return {
    operation: action,
    input,
    run: (requestId) => ({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: encodeQuery(action, namespace, { output: output(), requestId }),
    }),
  };
}

const JSON_SERVICES: ReadonlySet<string> = new Set(['dynamodb', 'states', 'secretsmanager']);

function data(
  services: Services,
  service: string,
  { operation, input, account, region }: Operation & { account: string; region: string },
): () => object | Promise<object> {
  // Every operation has its own input, and the model of the service knows it.
  const given = input as never;
  if (service === 'secretsmanager') return () => services.secrets.call(operation, given, { account, region });
  if (service === 'states') return () => services.states.call(operation, given);
  if (services.tableNames.knows(operation))
    return () => services.tableNames.call(operation, given, { account, region });
  return () => services.tables.call(operation, given);
}

const JSON_HEADERS = { 'content-type': 'application/x-amz-json-1.0' };

/** An error in the form of the service. */
export function answerError(service: string, error: AwsError, requestId: string): Answer {
  if (JSON_SERVICES.has(service))
    return {
      status: error.status,
      headers: JSON_HEADERS,
      body: JSON.stringify({ __type: error.code, message: error.message }),
    };
  const encode = service === 's3' ? s3Error : service === 'cloudfront' ? cloudFrontError : encodeQueryError;
  const headers = { 'content-type': 'text/xml', ...error.headers };
  return { status: error.status, headers, body: encode(error, requestId) };
}

function query(
  services: Services,
  { service, region, accessKeyId, account }: AwsRequest & { account: string },
  { action, input }: { action: string; input: QueryInput },
): () => object {
  if (service === 'cloudformation') {
    const operation = OPERATIONS[action];
    // The decoder gave it the form that the type of the operation has.
    if (operation) return () => operation(services.cloudFormation(region, account), input as never);
  } else if (service === 'iam') {
    const operation = IAM_OPERATIONS[action];
    if (operation) return () => operation({ iam: services.iam, account, clock: services.clock }, input as never);
  } else if (service === 'sts' && action === 'GetCallerIdentity') {
    return () => getCallerIdentity({ account, accessKeyId });
  }
  return () => {
    throw new AwsError('InvalidAction', `This stand-in does not know ${service}:${action}`);
  };
}
