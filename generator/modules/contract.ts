/**
 * The whole plug-in contract. A module is one name in two folders: `templates/<id>` (this contract as the default
 * export of `module.ts`, `schema.json` for its settings, templates, example, README) and `runtime/<id>` (the entry
 * points of its functions). Everything the generator knows about a module is a property stated here.
 */

/** Where a stack lives: `home` = the environment's Region, `edge` = us-east-1. */
export type Placement = 'home' | 'edge';

/** JSON data: all that crosses from a contract into a template. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A token policy: what a token must carry and how it is bound. Durations are seconds. */
export interface Policy {
  lifetime: number;
  session: boolean;
  countries?: string[];
  regions?: string[];
  cities?: string[];
  /** Geography checks that a request may pass when CloudFront gave no such header. */
  fallback?: ('countries' | 'regions' | 'cities')[];
  bind?: { ip?: { v4?: number; v6?: number }; headers?: string[]; query?: string[] };
}

/** Where a stream's token is carried. `name` is that of the query parameter, cookie or header. */
export type Carriage = { in: 'path' } | { in: 'query' | 'cookie' | 'header'; name: string };

/** A path space with one token policy. Durations are seconds. */
export interface Stream {
  hosts?: string[];
  paths: string[];
  exclude?: string[];
  policy: string;
  mode: 'enforce' | 'report' | 'off';
  carriage: Carriage;
  maxLifetime?: number;
  origin?: string;
}

/** Something to play: a folder in a stream. Its tokens are valid for this folder only. */
export interface Asset {
  title?: string;
  stream: string;
  /** Folder, starting and ending with a slash. */
  path: string;
  /** Files relative to the folder. At least one is there. */
  playlists: { hls?: string; dash?: string };
  /** Default: the stream's. */
  policy?: string;
  /** Whether the demo website may play it. */
  demo: boolean;
}

/** Where content comes from. `custom`: any HTTP server; `s3`, `mediapackage` (v2): reached with origin access control. */
export interface Origin {
  type: 'custom' | 's3' | 'mediapackage';
  /** Host name, for S3 the Regional one (`bucket.s3.eu-west-1.amazonaws.com`). */
  domain: string;
  /** Folder in front of every request path, without a trailing slash. */
  path?: string;
  /** `custom` only. */
  protocol: 'https' | 'http';
  port?: number;
  /** Seconds CloudFront waits for an answer, 1–120. */
  timeout: number;
  /** `custom` only: name of a request header that carries a generated secret, by which the origin knows its distribution. */
  verifyHeader?: string;
}

/** A delivery domain: the host name viewers use, and the ACM certificate (us-east-1) that covers it. */
export interface Domain {
  host: string;
  certificate: string;
}

/** One environment of one project with defaults and overlay applied; what every function of a contract may read. */
export interface Environment {
  readonly project: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly protected: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly origins: Readonly<Record<string, Origin>>;
  readonly domains: Readonly<Record<string, Domain>>;
  readonly cors: Readonly<{ origins: string[]; credentials: boolean }>;
  readonly policies: Readonly<Record<string, Policy>>;
  readonly streams: Readonly<Record<string, Stream>>;
  readonly assets: Readonly<Record<string, Asset>>;
  /** Ids of the modules that are on in this environment. */
  readonly modules: readonly string[];
}

/** A stack of a module. */
export interface StackContract {
  /** File name in the module's folder, ending in `.yaml.hbs`. */
  template: string;
  placement: Placement;
  /** First line of the stack in the console; at most 1,024 bytes. */
  description: string;
}

/** An AWS Lambda function; bundled from `runtime/<module>/<entry>` and zipped. */
export interface LambdaContract {
  kind: 'lambda';
  /** File in `runtime/<module>` that exports the handler. Functions with the same entry share one package. */
  entry: string;
  /** Name of the export that handles events; `handler` if it is not stated. The template says it too: `index.<handler>`. */
  handler?: string;
  /** MB, 128–10,240. */
  memory: number;
  /** Seconds, 1–900. */
  timeout: number;
  /** Why the function may call each AWS action; the template's role must allow just these. */
  permissions: { action: string; because: string }[];
}

/** A CloudFront Function; proved to be within its runtime's language and limits, then inlined in the template. */
export interface EdgeFunctionContract<Settings> {
  kind: 'edge-function';
  /** File in `runtime/<module>` that exports `handler`. */
  entry: string;
  /**
   * What this configuration needs. `flags` become compile-time constants (unused code is dropped, one bundle serves
   * every environment with the same flags); `settings` replaces the `SETTINGS` constant of the entry as one JSON literal.
   */
  configure(settings: Settings, environment: Environment): { flags: Record<string, boolean>; settings: Json };
}

/**
 * A website: one page with what it loads. The template hands its package (`asset`) to a custom resource of the module, which
 * publishes what the `site.json` in it lists, in that order.
 */
export interface SiteContract {
  kind: 'site';
  /** HTML file in `runtime/<module>`. Files that it names by paths beginning with `./` are bundled and named by digest. */
  entry: string;
  /**
   * Headers of every answer, the content security policy among them, for a page that may load media from `origins`
   * (`https://media.example.com`) beside its own.
   */
  headers(origins: readonly string[]): Record<string, string>;
}

export type FunctionContract<Settings> = LambdaContract | EdgeFunctionContract<Settings> | SiteContract;

/** Finding of a module's rule. `path` is a JSON pointer relative to the environment, e.g. `/streams/live/mode`. */
export interface Finding {
  severity: 'error' | 'warning' | 'notice';
  /** Name of the rule, unique in the module; printed behind the code. */
  rule: string;
  path: string;
  message: string;
  hint: string;
}

/** Something the running product changes itself: diff, drift and heal leave it alone. */
export interface RuntimeOwned {
  stack: string;
  resource: string;
  /** Property path such as `Properties.Rules`, or `*` for all of the resource's content. */
  property: string;
  because: string;
}

/** A resource that holds state: retained on deletion and never silently replaced. */
export interface Stateful {
  stack: string;
  resource: string;
  because: string;
}

/** Adds resources to a stack of another module. */
export interface Contribution {
  /** `<module>.<stack>`. */
  to: string;
  template: string;
}

/** The contract itself: the default export of `templates/<id>/module.ts`. */
export interface ModuleContract<Settings = Readonly<Record<string, Json>>> {
  title: string;
  summary: string;
  /** Always on; `modules.<id>` may be left out of config.yaml. */
  always?: boolean;
  /** Ids of the modules that must be on as well. */
  requires: string[];
  stacks: Record<string, StackContract>;
  functions: Record<string, FunctionContract<Settings>>;
  /** What it publishes: output name → stack that has it. */
  outputs: Record<string, { stack: string; description: string }>;
  /** What it needs from other modules or from its own other stacks: `<module>.<output>`, with the stack that reads it. */
  imports: { stack: string; output: string }[];
  contributes?: Contribution[];
  /** All that the module's templates may see. Logic lives here; templates stay logic-free. */
  view(settings: Settings, environment: Environment): Record<string, Json>;
  /** Findings that a schema cannot state: relations between settings. */
  rules(settings: Settings, environment: Environment): Finding[];
  runtimeOwned: RuntimeOwned[];
  stateful: Stateful[];
  /** IAM actions that deploying the module needs, with the reason. */
  permissions: { action: string; because: string }[];
  /** What the module takes from the settings file of another product, by the name of its format (`edgepass init --from`). */
  adopts?: Readonly<Record<string, (file: { readonly [key: string]: Json }) => Adoption[]>>;
}

/** What becomes of one member of another product's settings file. */
export interface Adoption {
  /** The member, dotted; all below it is dealt with as well. */
  from: string;
  /** Settings of the module by dotted path; none when the member is not carried over. */
  settings?: Record<string, Json>;
  /** One sentence: why not, or what is different now. */
  because: string;
  /** What to do instead. */
  hint?: string;
}

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Seconds of a duration such as `4h`, of whose form a schema has made sure (`#/definitions/duration`). */
export function seconds(duration: string): number {
  const unit = duration.slice(-1) as keyof typeof SECONDS;
  return Number(duration.slice(0, -1)) * SECONDS[unit];
}

/** Types a contract in place: `export default defineModule<Settings>({ … })`. */
export function defineModule<Settings = Readonly<Record<string, Json>>>(
  contract: ModuleContract<Settings>,
): ModuleContract<Settings> {
  return contract;
}
