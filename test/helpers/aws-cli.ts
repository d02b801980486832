/**
 * `aws …` as pages show it, read with the SDK's own description of services: an operation that is none, an option that is no
 * member of its input, or one that is missing, is an error. Source: AWS CLI User Guide, "Command structure": names are those of
 * the API in lower case with dashes.
 */
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as stepfunctions from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';

const SERVICES: Readonly<Record<string, object>> = {
  cloudformation,
  cloudwatch,
  dynamodb,
  secretsmanager,
  sqs,
  stepfunctions,
};

/** Options of the CLI itself. */
const OWN = new Set(['region', 'query', 'output']);

export interface AwsCommand {
  service: string;
  /** Instance of the SDK's command. */
  command: { input: Record<string, unknown> };
  /** Options of the CLI itself. */
  own: Record<string, string>;
}

interface SdkCommand {
  input: Record<string, unknown>;
  /** `[…, input]`, which is `[…, names, types, how many are required]`. */
  schema: readonly unknown[];
}

/** Words of a line, as a shell without variables has them. */
export function words(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_all, single?: string, double?: string) => single ?? double ?? ''),
  );
}

/** Undefined for services that the tests have no client of. Throws on a mistake. */
export function readAwsCommand(line: string): AwsCommand | undefined {
  const [aws, service = '', operation = '', ...rest] = words(line);
  if (aws !== 'aws') throw new Error(`no command of AWS: ${line}`);
  const client = SERVICES[service] as Record<string, new (input: object) => SdkCommand> | undefined;
  if (client === undefined) return undefined;
  const find = (names: readonly string[], wanted: string): string | undefined =>
    names.find((name) => name.toLowerCase() === wanted.replaceAll('-', '').toLowerCase());
  const name = find(Object.keys(client), `${operation}-command`);
  const Command = name === undefined ? undefined : client[name];
  if (Command === undefined) throw new Error(`${service} has no operation ${operation}`);
  const { members, required } = membersOf(new Command({}));
  const input: Record<string, unknown> = {};
  const own: Record<string, string> = {};
  for (let at = 0; at < rest.length; ) {
    const option = /^--([a-z-]+)$/.exec(rest[at] ?? '')?.[1];
    if (option === undefined) throw new Error(`${service} ${operation}: ${rest[at]} is no option`);
    const values: string[] = [];
    for (at++; at < rest.length && !rest[at]?.startsWith('--'); at++) values.push(rest[at] ?? '');
    if (OWN.has(option)) own[option] = values[0] ?? '';
    else {
      const member = find(members, option);
      if (member === undefined) throw new Error(`${service} ${operation} has no option --${option}`);
      input[member] = values.length === 0 ? true : readValue(values);
    }
  }
  const missing = required.filter((member) => !(member in input));
  if (missing.length > 0) throw new Error(`${service} ${operation} needs ${missing.join(', ')}`);
  return { service, command: new Command(input), own };
}

function membersOf({ schema }: SdkCommand): { members: string[]; required: string[] } {
  const lazy = schema[4];
  const input = (typeof lazy === 'function' ? (lazy as () => unknown)() : lazy) as readonly unknown[];
  const members = input[4] as string[];
  return { members, required: members.slice(0, (input[6] as number | undefined) ?? 0) };
}

function readValue(values: string[]): unknown {
  const [value = ''] = values;
  if (values.length > 1) return values;
  return /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value;
}

/** As the CLI prints an answer. */
export function printAnswer(answer: object): string {
  const { $metadata: _, ...shown } = answer as Record<string, unknown>;
  return `${JSON.stringify(shown, (_key, value: unknown) => (isDate(value) ? date(value) : value), 4)}\n`;
}

// Dates have become texts before they come here.
function isDate(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
}

function date(text: string): string {
  return text.replace(/\.\d+Z$/, '+00:00');
}
