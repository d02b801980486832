/** What the Lambda functions are told by their environment variables. Nothing else reads `process.env`. */

/** Of both functions. */
interface Common {
  /** `<project>/<environment>`. */
  audience: string;
  keyValueStoreArn: string;
  /** Table of revocations, with the control item. */
  tableName: string;
}

/** Durations are seconds. */
export interface KeysEnvironment extends Common {
  keyRecordArn: string;
  issuerRecordArn: string;
  /** Longest lifetime that a stream allows. */
  longestLifetime: number;
  rotateEvery: number;
  /** How long a write to the KeyValueStore may take to reach every edge location. */
  propagation: number;
}

export interface RevocationsEnvironment extends Common {
  /** Queue for what could not be understood. */
  quarantineUrl: string;
  /** Rule group of AWS WAF that refuses revoked sessions too; absent where there is none. */
  ruleGroup?: { arn: string; capacity: number };
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Throws when a variable is missing or is no whole number: a fault of the template, which no event can mend. */
export function keysEnvironment(variables: Variables = process.env): KeysEnvironment {
  return {
    ...common(variables),
    keyRecordArn: text(variables, 'KEY_RECORD_ARN'),
    issuerRecordArn: text(variables, 'ISSUER_RECORD_ARN'),
    longestLifetime: whole(variables, 'LONGEST_LIFETIME'),
    rotateEvery: whole(variables, 'ROTATE_EVERY'),
    propagation: whole(variables, 'PROPAGATION'),
  };
}

/** Throws like `keysEnvironment`. `RULE_GROUP_ARN` is the word `none` where AWS WAF is off, as in the outputs of stacks. */
export function revocationsEnvironment(variables: Variables = process.env): RevocationsEnvironment {
  const environment = { ...common(variables), quarantineUrl: text(variables, 'QUARANTINE_URL') };
  const arn = text(variables, 'RULE_GROUP_ARN');
  if (arn === 'none') return environment;
  return { ...environment, ruleGroup: { arn, capacity: whole(variables, 'RULE_GROUP_CAPACITY') } };
}

function common(variables: Variables): Common {
  return {
    audience: text(variables, 'AUDIENCE'),
    keyValueStoreArn: text(variables, 'KEY_VALUE_STORE_ARN'),
    tableName: text(variables, 'TABLE_NAME'),
  };
}

function text(variables: Variables, name: string): string {
  const value = variables[name];
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} is not set.`);
  return value;
}

function whole(variables: Variables, name: string): number {
  const value = Number(text(variables, name));
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`The environment variable ${name} is not a whole number of at least 1.`);
  return value;
}
