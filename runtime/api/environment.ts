/** What the Lambda functions are told by their environment variables. Nothing else in this folder reads `process.env`. */
import type { AuthSettings } from './mounts.ts';

export interface ApiEnvironment {
  /** `<project>/<environment>`. */
  deployment: string;
  assetTable: string;
  revocationTable: string;
  issuerRecordArn: string;
  keyValueStoreArn: string;
  auth: AuthSettings;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Throws when a variable is missing: a fault of the template, which no request can mend. */
export function apiEnvironment(variables: Variables = process.env): ApiEnvironment {
  return {
    deployment: text(variables, 'AUDIENCE'),
    assetTable: text(variables, 'ASSET_TABLE'),
    revocationTable: text(variables, 'REVOCATION_TABLE'),
    issuerRecordArn: text(variables, 'ISSUER_RECORD_ARN'),
    keyValueStoreArn: text(variables, 'KEY_VALUE_STORE_ARN'),
    auth: JSON.parse(text(variables, 'AUTH')) as AuthSettings,
  };
}

/** Of the function that seeds the table. */
export function seedEnvironment(variables: Variables = process.env): Pick<ApiEnvironment, 'assetTable'> {
  return { assetTable: text(variables, 'ASSET_TABLE') };
}

function text(variables: Variables, name: string): string {
  const value = variables[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is not set.`);
  return value;
}
