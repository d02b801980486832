/**
 * SDK clients, one per service and Region, made when they are first needed: the packages take longer to load than
 * anything that runs without AWS. Credentials come from where every AWS tool finds them.
 */
import type { CloudFormationApi } from './api/cloudformation.ts';
import type { DynamoDbApi } from './api/dynamodb.ts';
import type { S3Api } from './api/s3.ts';
import type { SecretsManagerApi } from './api/secrets-manager.ts';
import type { StatesApi } from './api/states.ts';
import type { StsApi } from './api/sts.ts';

export interface Clients {
  cloudFormation(region: string): Promise<CloudFormationApi>;
  dynamoDb(region: string): Promise<DynamoDbApi>;
  s3(region: string): Promise<S3Api>;
  secretsManager(region: string): Promise<SecretsManagerApi>;
  states(region: string): Promise<StatesApi>;
  sts(region: string): Promise<StsApi>;
}

/** Environment variables of the process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What every SDK client is made with. `requestHandler` times are milliseconds. */
export interface ClientSettings {
  region: string;
  retryMode: 'standard';
  maxAttempts: number;
  requestHandler: { connectionTimeout: number; requestTimeout: number };
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** The SDK's own 3 give up while CloudFormation still slows us down: it allows few requests a second for an account. */
const ATTEMPTS = 7;

/** `service` is the one in `AWS_ENDPOINT_URL_<SERVICE>`. Source: AWS SDKs and Tools Reference Guide, settings reference. */
export function clientSettings({
  env,
  region,
  service,
}: {
  env: Env;
  region: string;
  service: string;
}): ClientSettings {
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] ?? env.AWS_ENDPOINT_URL;
  const attempts = Number(env.AWS_MAX_ATTEMPTS);
  return {
    region,
    retryMode: 'standard',
    maxAttempts: Number.isInteger(attempts) && attempts > 0 ? attempts : ATTEMPTS,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000 },
    ...(endpoint ? { endpoint } : {}),
    ...keys(env),
  };
}

/** What the default chain would find first; a profile goes before it. Left out, the chain looks itself. */
function keys(env: Env): Pick<ClientSettings, 'credentials'> {
  const { AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (AWS_PROFILE || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return {};
  return {
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    },
  };
}

export function awsClients(env: Env): Clients {
  return {
    cloudFormation: perRegion(async (region) =>
      (await import('./api/cloudformation.ts')).cloudFormationApi(
        clientSettings({ env, region, service: 'CLOUDFORMATION' }),
      ),
    ),
    dynamoDb: perRegion(async (region) =>
      (await import('./api/dynamodb.ts')).dynamoDbApi(clientSettings({ env, region, service: 'DYNAMODB' })),
    ),
    s3: perRegion(async (region) =>
      (await import('./api/s3.ts')).s3Api(clientSettings({ env, region, service: 'S3' })),
    ),
    secretsManager: perRegion(async (region) =>
      (await import('./api/secrets-manager.ts')).secretsManagerApi(
        clientSettings({ env, region, service: 'SECRETS_MANAGER' }),
      ),
    ),
    states: perRegion(async (region) =>
      (await import('./api/states.ts')).statesApi(clientSettings({ env, region, service: 'SFN' })),
    ),
    sts: perRegion(async (region) =>
      (await import('./api/sts.ts')).stsApi(clientSettings({ env, region, service: 'STS' })),
    ),
  };
}

/** Keeps what was made for a Region. */
export function perRegion<T>(make: (region: string) => Promise<T>): (region: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (region) => {
    const known = made.get(region) ?? make(region);
    made.set(region, known);
    return known;
  };
}
