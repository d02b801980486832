/** Secrets Manager: versions and their labels. Source: Secrets Manager API reference, and the comments of its client. */
import { randomUUID } from 'node:crypto';
import { secret } from '../../secrets/known-secrets.ts';
import { AwsError } from '../errors.ts';

interface Version {
  text: string;
  /** Milliseconds since 1970. */
  created: number;
  stages: Set<string>;
}

interface Input {
  SecretId: string;
  SecretString: string;
  ClientRequestToken: string;
  VersionStages?: string[];
  VersionStage: string;
  RemoveFromVersionId?: string;
  MoveToVersionId?: string;
  IncludeDeprecated?: boolean;
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
const MAX_TEXT = 65_536;

export class Secrets {
  readonly #secrets = new Map<string, Map<string, Version>>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A secret without a version, as CloudFormation makes it where no value is stated. */
  create(arn: string): void {
    this.#secrets.set(arn, new Map());
  }

  /** Labels of each version that has one. */
  stages(arn: string): Record<string, string[]> {
    const labelled = [...this.#versions(arn)].filter(([, { stages }]) => stages.size > 0);
    return Object.fromEntries(labelled.map(([id, { stages }]) => [id, [...stages]]));
  }

  /** The current text, for tests. */
  current(arn: string): string | undefined {
    return [...this.#versions(arn).values()].find(({ stages }) => stages.has(CURRENT))?.text;
  }

  /** Somebody edits the secret by hand. */
  edit(arn: string, text: string): void {
    this.call('PutSecretValue', {
      SecretId: arn,
      SecretString: text,
      ClientRequestToken: randomUUID(),
    } as Input);
  }

  call(operation: string, input: Input): object {
    if (operation === 'GetSecretValue') return this.#get(input);
    if (operation === 'PutSecretValue') return this.#put(input);
    if (operation === 'UpdateSecretVersionStage') return this.#move(input);
    if (operation === 'ListSecretVersionIds') return this.#list(input);
    throw new AwsError('UnknownOperationException', operation);
  }

  #get({ SecretId, VersionStage = CURRENT }: Input): object {
    const found = [...this.#versions(SecretId)].find(([, { stages }]) => stages.has(VersionStage));
    if (found === undefined)
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`,
      );
    const [VersionId, { text, stages }] = found;
    return { ARN: SecretId, VersionId, SecretString: text, VersionStages: [...stages] };
  }

  #put({ SecretId, SecretString, ClientRequestToken, VersionStages = [CURRENT] }: Input): object {
    secret(SecretString);
    const versions = this.#versions(SecretId);
    if (SecretString.length > MAX_TEXT)
      throw new AwsError('InvalidParameterException', 'The secret value is too large');
    const known = versions.get(ClientRequestToken);
    if (known !== undefined && known.text !== SecretString)
      throw new AwsError('ResourceExistsException', 'You already have a version with this token');
    if (known === undefined)
      versions.set(ClientRequestToken, { text: SecretString, stages: new Set(), created: this.#now() });
    for (const stage of VersionStages) attach(versions, stage, ClientRequestToken);
    return { ARN: SecretId, VersionId: ClientRequestToken, VersionStages };
  }

  #move({ SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId }: Input): object {
    const versions = this.#versions(SecretId);
    const holder = [...versions].find(([, { stages }]) => stages.has(VersionStage))?.[0];
    if (RemoveFromVersionId !== undefined && RemoveFromVersionId !== holder)
      throw new AwsError('InvalidParameterException', `The version does not have the staging label ${VersionStage}`);
    if (holder !== undefined && holder !== MoveToVersionId && RemoveFromVersionId === undefined)
      throw new AwsError(
        'InvalidParameterException',
        `The staging label ${VersionStage} is attached to another version`,
      );
    if (MoveToVersionId !== undefined) {
      if (!versions.has(MoveToVersionId))
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret version");
      attach(versions, VersionStage, MoveToVersionId);
    }
    return this.#named(SecretId);
  }

  /** Newest first; those without a label only when they are asked for. */
  #list({ SecretId, IncludeDeprecated = false }: Input): object {
    const Versions = [...this.#versions(SecretId)]
      .filter(([, { stages }]) => IncludeDeprecated || stages.size > 0)
      .map(([VersionId, { stages, created }]) => ({
        VersionId,
        ...(stages.size === 0 ? {} : { VersionStages: [...stages] }),
        CreatedDate: created / 1000,
      }))
      .reverse();
    return { Versions, ...this.#named(SecretId) };
  }

  #versions(id: string): Map<string, Version> {
    const versions = this.#secrets.get(this.#named(id).ARN);
    if (versions === undefined)
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return versions;
  }

  /** By ARN, or by name: the ARN ends with it and six characters. */
  #named(id: string): { ARN: string; Name: string } {
    const nameOf = (arn: string): string => arn.replace(/^arn:.*:secret:(.*)-\w{6}$/, '$1');
    const ARN = [...this.#secrets.keys()].find((arn) => arn === id || nameOf(arn) === id) ?? id;
    return { ARN, Name: nameOf(ARN) };
  }
}

/** Moves a label; the version that AWSCURRENT leaves becomes AWSPREVIOUS. */
function attach(versions: Map<string, Version>, stage: string, to: string): void {
  for (const [id, { stages }] of versions) {
    if (id === to || !stages.delete(stage) || stage !== CURRENT) continue;
    for (const other of versions.values()) other.stages.delete(PREVIOUS);
    stages.add(PREVIOUS);
  }
  versions.get(to)?.stages.add(stage);
  // Versions without a label are deprecated, and cleared away some day: here at once, but for the newest few.
  const unlabelled = [...versions].filter(([id, { stages }]) => id !== to && stages.size === 0);
  for (const [id] of unlabelled.slice(0, -20)) versions.delete(id);
}
