/**
 * Real SDK clients whose requests never leave the process: they are written and read as for AWS, and signed by nobody. Fast
 * enough for hundreds of thousands of calls, and a test can stop, fail or lose each of them.
 */
import { CloudFrontKeyValueStoreClient } from '@aws-sdk/client-cloudfront-keyvaluestore';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { WAFV2Client } from '@aws-sdk/client-wafv2';
import { AwsError } from '../errors.ts';
import { jsonOperation, kvsOperation, type Operation, type WireRequest } from './operation-of.ts';

export interface DataCall extends Operation {
  /** Name of the service in IAM actions, e.g. `dynamodb`. */
  service: string;
}

export interface Service {
  call(operation: string, input: never): object;
}

/**
 * What happens to a call. `before` it is done and `after`: may wait, and may throw. An `AwsError` is answered; `LostAnswer`
 * looks like a broken connection; anything else ends the caller, like a crash.
 */
export interface Weather {
  before?(call: DataCall): Promise<void> | void;
  after?(call: DataCall): Promise<void> | void;
}

export class LostAnswer extends Error {}

interface HttpRequest {
  method: string;
  path: string;
  query?: Readonly<Record<string, string | string[] | null>>;
  headers: Readonly<Record<string, string>>;
  body?: unknown;
}

export interface InProcessOptions {
  services: Readonly<Record<string, Service>>;
  weather?: Weather;
  /** How often a client tries, without a pause in between; 3 if unset. */
  maxAttempts?: number;
  /** Every call, in order, is added. */
  calls?: DataCall[];
  /** IAM actions that the caller may do; anything else is refused. All if unset. */
  may?: ReadonlySet<string>;
}

export interface DataClients {
  store: CloudFrontKeyValueStoreClient;
  tables: DynamoDBClient;
  secrets: SecretsManagerClient;
  queues: SQSClient;
  waf: WAFV2Client;
}

/** Clients of one caller; each caller may have a weather of its own. */
export function inProcess(options: InProcessOptions): DataClients {
  const config = (service: string) => ({
    region: 'eu-west-1',
    endpoint: 'http://in.process',
    credentials: { accessKeyId: '111122223333', secretAccessKey: 'secret' },
    requestHandler: handlerOf(service, options),
    // What AWS would want signed with elliptic curves takes a hundred times as long as all of the rest.
    httpAuthSchemes: ['aws.auth#sigv4', 'aws.auth#sigv4a'].map((schemeId) => ({
      schemeId,
      identityProvider: () => async () => ({}),
      signer: { sign: async (request: unknown) => request },
    })),
    retryStrategy: atOnce(options.maxAttempts ?? 3),
  });
  // The clients' own types of these options are wider than what is used of them.
  const all = (service: string): never => config(service) as never;
  return {
    store: new CloudFrontKeyValueStoreClient(all('cloudfront-keyvaluestore')),
    tables: new DynamoDBClient(all('dynamodb')),
    secrets: new SecretsManagerClient(all('secretsmanager')),
    queues: new SQSClient(all('sqs')),
    waf: new WAFV2Client(all('wafv2')),
  };
}

function handlerOf(service: string, { services, weather = {}, calls, may }: InProcessOptions) {
  return {
    async handle(request: HttpRequest) {
      const wire: WireRequest = {
        method: request.method,
        path: request.path,
        query: Object.fromEntries(Object.entries(request.query ?? {}).map(([name, value]) => [name, String(value)])),
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        body: request.body === undefined ? '' : Buffer.from(request.body as Uint8Array).toString(),
      };
      const call = { service, ...(service === 'cloudfront-keyvaluestore' ? kvsOperation(wire) : jsonOperation(wire)) };
      calls?.push(call);
      try {
        const action = `${service}:${call.operation}`;
        if (may?.has(action) === false) throw new AwsError('AccessDeniedException', `not authorized to do ${action}`);
        await weather.before?.(call);
        const output = services[service]?.call(call.operation, call.input as never) ?? {};
        await weather.after?.(call);
        return answer(200, output);
      } catch (error) {
        if (error instanceof LostAnswer)
          throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
        if (!(error instanceof AwsError)) throw error;
        return answer(error.status, { __type: error.code, message: error.message });
      }
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
  };
}

function answer(statusCode: number, output: object) {
  const { ETag, ...body } = output as { ETag?: string };
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (ETag !== undefined) headers.etag = ETag;
  if ('__type' in output) headers['x-amzn-errortype'] = String(output.__type);
  return { response: { statusCode, headers, body: Buffer.from(JSON.stringify(body)) } };
}

/** The SDK's standard choice of what is worth another try, without the pauses. */
function atOnce(maxAttempts: number) {
  const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 });
  return {
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async (
      { getRetryCount }: { getRetryCount(): number },
      { errorType }: { errorType: string },
    ) => {
      const count = getRetryCount() + 1;
      if (count >= maxAttempts || errorType === 'CLIENT_ERROR') throw new Error('no more tries');
      return token(count);
    },
    recordSuccess: () => {},
  };
}
