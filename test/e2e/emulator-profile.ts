/**
 * What the emulator (ministack 1.5.33) lacks of what our templates use. A generated output is changed by this table before
 * it is deployed there, and by nothing else; `emulator.test.ts` fails when ministack has got a type that stands here.
 *
 * | type | instead | why |
 * |---|---|---|
 * | AWS::WAFv2::RuleGroup | made through the WAFv2 API with the properties of the template; `Ref` and `GetAtt` become what that returned | CloudFormation there: "Unsupported resource type" |
 * | AWS::IAM::OIDCProvider | left out: `bootstrap --existing-provider` | the same; only bootstrap uses it |
 *
 * What is there but behaves in another way than AWS, found by these tests. `rules.ts` has a test of each that names a rule
 * of the in-memory AWS, expected to fail on the emulator until it does as AWS does.
 *
 * | what | ministack | AWS | rule |
 * |---|---|---|---|
 * | property values in change sets | neither path nor values; preview shows those of the templates | both | P2 |
 * | replacement in change sets | False or Conditional | by the property | P3 |
 * | type of a resource | may change | refused | P8 |
 * | IAM capabilities | not wanted | wanted | C4 |
 * | events of an update | of every resource of the stack | of what changes | E1 |
 * | taken names | taken over in silence, except of CloudFront functions and a few more | refused | E7 |
 * | import of secrets | its change set cannot be executed, so an environment with kept secrets is not deployed again there | imported by their ARN | M5 |
 * | drift | of secrets, topics, parameters, log groups, roles, functions, tables and few more | of most types | D1 |
 * | `REVERT_DRIFT` | ignored: the change set is empty, and healing ends with EP7403 | three-way comparison | D5 |
 * | early validation | none; DescribeEvents lists no findings | before a change set is ready | E14 |
 * | `Ref` of a secret | its name | its ARN | |
 * | a secret without a value | has a version with an empty text | has no version | |
 * | lock tokens of rule groups | any is taken | only that of the content now there | |
 * | reserved concurrency of functions | ignored | held to: setting `concurrency` of `api` and `demo` | |
 * | names of errors of functions | lost: all are `Runtime.HandlerError` | what workflows decide by | |
 * | permissions, WAF, the runtime of edge functions | none | | |
 */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTemplate } from '../../generator/diff/template.ts';
import type { Json } from '../../generator/modules/contract.ts';
import {
  MANIFEST_FILE,
  type Manifest,
  type ManifestStack,
  type OutputTree,
  sha256,
} from '../../generator/output/manifest.ts';
import type { Emulator } from '../helpers/ministack.ts';

interface Gap {
  /** Makes the resource through its API; returns what refers to it: `Ref`, and attributes by name. */
  make(resource: Wanted): Promise<Record<string, string>>;
}

interface Wanted {
  emulator: Emulator;
  account: string;
  region: string;
  properties: { [name: string]: Json };
}

export const GAPS: Readonly<Record<string, Gap>> = {
  'AWS::WAFv2::RuleGroup': { make: makeRuleGroup },
};

/** Types that the tests do without. */
export const LEFT_OUT: readonly string[] = ['AWS::IAM::OIDCProvider'];

type Output = Pick<OutputTree, 'manifest' | 'files'>;

/** Copies the output of an environment from one folder to another, adapted. */
export async function adaptOutput(
  emulator: Emulator,
  { from, to, environment }: { from: string; to: string; environment: string },
): Promise<void> {
  const folder = join(to, environment);
  await rm(folder, { recursive: true, force: true });
  await cp(join(from, environment), folder, { recursive: true });
  const manifest = JSON.parse(await readFile(join(folder, MANIFEST_FILE), 'utf8')) as Manifest;
  const files = new Map<string, Uint8Array>();
  for (const { path } of manifest.files) files.set(path, await readFile(join(folder, path)));
  const adapted = await adapt(emulator, { manifest, files });
  for (const [path, bytes] of adapted.files) await writeFile(join(folder, path), bytes);
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(adapted.manifest, null, 2)}\n`);
}

/** The same for an output in memory: templates, and the digests that follow from them. */
export async function adapt(emulator: Emulator, { manifest, files }: Output): Promise<Output> {
  const adapted = new Map(files);
  for (const stack of manifest.stacks) {
    const text = new TextDecoder().decode(files.get(stack.template));
    adapted.set(stack.template, Buffer.from(await adaptTemplate(text, { emulator, stack, account: manifest.account })));
  }
  const { digest: _, ...content } = manifest;
  const listed = manifest.files.map(({ path }) => {
    const bytes = adapted.get(path) ?? new Uint8Array();
    return { path, sha256: sha256(bytes), size: bytes.length };
  });
  const all = { ...content, files: listed };
  return { manifest: { ...all, digest: sha256(JSON.stringify(all)) }, files: adapted };
}

async function adaptTemplate(
  text: string,
  { emulator, stack, account }: { emulator: Emulator; stack: ManifestStack; account: string },
): Promise<string> {
  const { Resources = {} } = readTemplate(stack, { files: new Map([[stack.template, Buffer.from(text)]]) });
  let adapted = text;
  for (const [id, resource] of Object.entries(Resources)) {
    const { Type, Properties } = resource as { Type: string; Properties?: Wanted['properties'] };
    const gap = GAPS[Type];
    if (gap === undefined) continue;
    const values = await gap.make({ emulator, account, region: stack.region, properties: Properties ?? {} });
    adapted = withoutResource(adapted, id).replaceAll(
      new RegExp(`!(Ref|GetAtt) '?${id}(?:\\.([A-Za-z.]+))?'?$`, 'gm'),
      (_all, kind: string, attribute: string | undefined) => {
        const value = values[kind === 'Ref' ? 'Ref' : (attribute ?? '')];
        if (value === undefined) throw new Error(`the profile has no ${kind} ${attribute ?? ''} of ${Type}`);
        return JSON.stringify(value);
      },
    );
    if (new RegExp(`\\b${id}\\b`).test(adapted)) throw new Error(`${stack.template} still refers to ${id}`);
  }
  return adapted;
}

/** Our templates have one resource a block, two spaces deep. */
function withoutResource(text: string, id: string): string {
  const lines = text.split('\n');
  const begin = lines.indexOf(`  ${id}:`);
  const after = lines.findIndex((line, index) => index > begin && /^ {0,2}\S/.test(line));
  return [...lines.slice(0, begin), ...lines.slice(after)].join('\n');
}

/** Of the same name there may be one already: then the same environment was deployed before. */
async function makeRuleGroup({ emulator, account, region, properties }: Wanted): Promise<Record<string, string>> {
  const call = async (operation: string, body: object): Promise<RuleGroupAnswer> =>
    JSON.parse(
      await emulator.request({
        service: 'wafv2',
        account,
        region,
        target: `AWSWAF_20190729.${operation}`,
        body: JSON.stringify(body),
      }),
    ) as RuleGroupAnswer;
  const listed = await call('ListRuleGroups', { Scope: properties.Scope });
  const known = listed.RuleGroups?.find(({ Name }) => Name === properties.Name);
  const summary = known ?? (await call('CreateRuleGroup', properties)).Summary;
  if (summary === undefined) throw new Error('no rule group was made');
  return { Ref: `${summary.Name}|${summary.Id}|${properties.Scope}`, Arn: summary.ARN, Id: summary.Id };
}

interface RuleGroupAnswer {
  RuleGroups?: RuleGroupSummary[];
  Summary?: RuleGroupSummary;
}

interface RuleGroupSummary {
  Name: string;
  Id: string;
  ARN: string;
}
