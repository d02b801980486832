/**
 * Starts an AWS that exists only in this process: an HTTP server on loopback that real SDK clients, and whole processes with
 * `AWS_ENDPOINT_URL`, talk to. What it does is in README.md, rule by rule.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormation } from './cloudformation/model.ts';
import type { CloudFront } from './cloudfront/model.ts';
import { answerError, route } from './dispatch.ts';
import { AwsError } from './errors.ts';
import { type Fault, Faults } from './faults.ts';
import type { Iam } from './iam/model.ts';
import type { S3 } from './s3/model.ts';
import { type ServiceOptions, Services } from './services.ts';
import type { Answer } from './wire/answer.ts';
import { type AwsRequest, readRequest } from './wire/request.ts';

export interface AwsCall {
  service: string;
  operation: string;
  region: string;
  account: string;
  input: unknown;
}

export interface Aws {
  /** `http://127.0.0.1:<port>` */
  endpoint: string;
  /** Every request, in order, including those that failed. */
  calls: AwsCall[];
  faults: Faults;
  s3: S3;
  iam: Iam;
  cloudFront: CloudFront;
  tables: Services['tables'];
  tableNames: Services['tableNames'];
  secrets: Services['secrets'];
  states: Services['states'];
  /** The options that can be changed on the way. */
  options: Services['options'];
  /** The model behind the API, for what no API does: failing, drifting, looking at live properties. */
  cloudformation(region: string, account?: string): CloudFormation;
  /** What a process needs in its environment to use this instead of AWS. */
  environment(options?: { region?: string; account?: string }): Record<string, string>;
  close(): Promise<void>;
}

export async function startAws(options: ServiceOptions = {}): Promise<Aws> {
  const services = new Services(options);
  const faults = new Faults();
  const calls: AwsCall[] = [];
  const server = createServer((incoming, response) => {
    void serve({ services, faults, calls }, incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    calls,
    faults,
    s3: services.s3,
    iam: services.iam,
    cloudFront: services.cloudFront,
    tables: services.tables,
    tableNames: services.tableNames,
    secrets: services.secrets,
    states: services.states,
    options: services.options,
    cloudformation: (region, account) => services.cloudFormation(region, account),
    environment: ({ region = 'us-east-1', account = services.accountOf('') } = {}) => ({
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
    }),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

interface Front {
  services: Services;
  faults: Faults;
  calls: AwsCall[];
}

async function serve(
  { services, faults, calls }: Front,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = services.ids.uuid();
  let request: AwsRequest | undefined;
  let answer: Answer;
  try {
    request = await readRequest(incoming);
    const { service, region, accessKeyId } = request;
    const { operation, input, run } = route(services, request);
    calls.push({ service, operation, region, account: services.accountOf(accessKeyId), input });
    const fault = faults.take({ service, operation, region });
    if (fault && fault.when !== 'after') await meet(fault, { service, response });
    answer = await run(requestId);
    if (fault?.when === 'after') await meet(fault, { service, response });
  } catch (error) {
    if (error instanceof ConnectionLost) return;
    const said =
      error instanceof AwsError
        ? error
        : new AwsError('InternalFailure', String((error as Error).stack), { status: 500 });
    answer = answerError(request?.service ?? '', said, requestId);
  }
  response.writeHead(answer.status, {
    'x-amzn-requestid': requestId,
    'x-amz-request-id': requestId,
    ...answer.headers,
  });
  response.end(incoming.method === 'HEAD' ? undefined : answer.body);
}

class ConnectionLost extends Error {}

/** Throws unless the fault was only a delay. */
async function meet(
  { error }: Fault,
  { service, response }: { service: string; response: ServerResponse },
): Promise<void> {
  if (error === 'reset') {
    response.socket?.resetAndDestroy();
    throw new ConnectionLost();
  }
  if (error === 'throttle') {
    throw service === 's3'
      ? new AwsError('SlowDown', 'Please reduce your request rate.', { status: 503 })
      : new AwsError('Throttling', 'Rate exceeded');
  }
  if ('delayMs' in error) return new Promise((resolve) => setTimeout(resolve, error.delayMs));
  throw new AwsError(error.code, error.message, { status: error.status });
}
