/** All models together. */
import { Clock } from './clock.ts';
import { Failures } from './cloudformation/failures.ts';
import { Journal } from './cloudformation/journal.ts';
import { CloudFormation, type ModelOptions } from './cloudformation/model.ts';
import { CloudFront } from './cloudfront/model.ts';
import { Executions } from './data/executions.ts';
import { SecretsManager } from './data/secrets-manager.ts';
import { TableNames } from './data/table-names.ts';
import { Tables } from './data/tables.ts';
import { Iam } from './iam/model.ts';
import { Ids } from './ids.ts';
import { S3 } from './s3/model.ts';
import { World } from './world.ts';

export interface ServiceOptions extends Partial<ModelOptions> {
  /** Account of access keys that `accounts` does not name and that are no account id themselves. */
  account?: string;
  /** By access key id. */
  accounts?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970; the clock of the machine if unset. */
  now?: () => number;
}

export const DEFAULT_ACCOUNT = '111122223333';

export class Services {
  readonly clock: Clock;
  readonly ids = new Ids();
  readonly world = new World();
  readonly s3: S3;
  readonly iam: Iam;
  readonly cloudFront: CloudFront;
  /** Of all accounts and Regions: tests name what they make. */
  readonly tables = new Tables();
  /** Which tables stacks made, and their tags. */
  readonly tableNames: TableNames;
  readonly secrets: SecretsManager;
  readonly states: Executions;
  /** Shared by all Regions; may be changed while it runs. */
  readonly options: ModelOptions;
  readonly #account: string;
  readonly #accounts: Readonly<Record<string, string>>;
  readonly #cloudFormation = new Map<string, CloudFormation>();

  constructor(options: ServiceOptions) {
    this.clock = new Clock(options.now);
    this.options = {
      stepsPerPoll: options.stepsPerPoll ?? Number.POSITIVE_INFINITY,
      pageSize: options.pageSize ?? 100,
    };
    this.#account = options.account ?? DEFAULT_ACCOUNT;
    this.#accounts = options.accounts ?? {};
    this.states = new Executions(() => this.clock.now().getTime());
    this.tableNames = new TableNames(this.world, this);
    this.secrets = new SecretsManager(this.world, this.ids);
    this.s3 = new S3(this.clock, this.world);
    this.iam = new Iam(this.world);
    this.cloudFront = new CloudFront(this.clock, this.world);
  }

  /** An access key id of twelve digits is its account, as in other emulators. */
  accountOf(accessKeyId: string): string {
    return this.#accounts[accessKeyId] ?? (/^\d{12}$/.test(accessKeyId) ? accessKeyId : this.#account);
  }

  cloudFormation(region: string, account = this.#account): CloudFormation {
    const key = `${account} ${region}`;
    const known = this.#cloudFormation.get(key);
    if (known) return known;
    const { clock, ids, world } = this;
    const engine = { account, region, world, journal: new Journal(clock, ids), clock, ids, failures: new Failures() };
    const created = new CloudFormation(engine, this.options, this.s3);
    this.#cloudFormation.set(key, created);
    return created;
  }
}
