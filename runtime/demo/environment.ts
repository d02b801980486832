/** What the function `play` is told by its environment variables. Nothing else reads `process.env`. */

export interface PlayEnvironment {
  project: string;
  environment: string;
  /** Table of the token API: assets, settings, and wrong codes. */
  table: string;
  revocationTable: string;
  issuerRecordArn: string;
  keyValueStoreArn: string;
  accessCodeArn: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Throws when a variable is missing: a fault of the template, which no request can mend. */
export function playEnvironment(variables: Variables = process.env): PlayEnvironment {
  const text = (name: string): string => {
    const value = variables[name];
    if (value === undefined || value === '') throw new Error(`The environment variable ${name} is not set.`);
    return value;
  };
  return {
    project: text('PROJECT'),
    environment: text('ENVIRONMENT'),
    table: text('TABLE_NAME'),
    revocationTable: text('REVOCATION_TABLE'),
    issuerRecordArn: text('ISSUER_RECORD_ARN'),
    keyValueStoreArn: text('KEY_VALUE_STORE_ARN'),
    accessCodeArn: text('ACCESS_CODE_ARN'),
  };
}
