/** A deployed environment with things that outlive their stacks, and what tests of taking them up look at. */
import type { DeployReport } from '../../../generator/aws/deploy.ts';
import type { PreviewReport } from '../../../generator/aws/preview-report.ts';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { clients } from '../../helpers/aws/clients.ts';
import { ACCOUNT, type Deployment, deployment, EDGE, HOME } from '../../helpers/deployment.ts';
import type { Variant } from '../../helpers/deployment-variants.ts';
import type { Ran } from '../../helpers/fake-io.ts';

export const DEPLOY = ['deploy', '--env', 'dev', '--yes', '--json'];
export const PREVIEW = ['preview', '--env', 'dev', '--json'];
export const DESTROY = ['destroy', '--env', 'dev', '--json', '--confirm', 'dev'];
export const KEY = 'edgepass/acme/dev/key-record';
export const VERIFY = 'edgepass/acme/dev/origin-verify/packager';
export const OURS = { 'edgepass:project': 'acme', 'edgepass:environment': 'dev' };
export const STACK = 'acme-dev-base-home';

type Result = DeployReport & { diagnostics: Diagnostic[] };

export const result = ({ stdout }: Ran): Result => JSON.parse(stdout) as Result;
export const codes = (ran: Ran): string[] => result(ran).diagnostics.map(({ code }) => code);
export const outcomes = (ran: Ran): string[] =>
  (result(ran).stacks ?? []).map(({ id, outcome, takenUp }) => [id, outcome, ...(takenUp ?? [])].join(' '));
export const previewed = ({ stdout }: Ran) => (JSON.parse(stdout) as PreviewReport).environments[0];
export const imported = (ran: Ran): string[] =>
  (previewed(ran)?.stacks ?? []).flatMap(({ resources }) =>
    resources.flatMap(({ id, action }) => (action === 'import' ? [id] : [])),
  );
export const types = ({ aws }: Deployment): unknown[] =>
  aws.calls.flatMap(({ operation, input }) =>
    operation === 'CreateChangeSet' ? [(input as { ChangeSetType: string }).ChangeSetType] : [],
  );

export const describeSecret = ({ aws }: Deployment, SecretId: string, region: string) =>
  aws.secrets.call('DescribeSecret', { SecretId }, { account: ACCOUNT, region }) as {
    ARN: string;
    VersionIdsToStages: Record<string, string[]>;
    Tags: { Key: string; Value: string }[];
  };
export const holdings = (one: Deployment) => ({
  key: describeSecret(one, KEY, HOME).ARN,
  versions: [describeSecret(one, KEY, HOME), describeSecret(one, VERIFY, EDGE)].map((s) => s.VersionIdsToStages),
  verify: one.aws.secrets.values.current(describeSecret(one, VERIFY, EDGE).ARN),
  record: one.aws.secrets.values.current(describeSecret(one, KEY, HOME).ARN),
  rows: [...one.aws.tables.table('acme-dev-rows').items.values()],
});

/** Deployed, filled, and destroyed again. */
export async function destroyed(variant: Variant = {}, options = {}): Promise<Deployment> {
  const one = await deployment({ kept: 'all', ...variant }, options);
  await one.must(DEPLOY);
  one.aws.secrets.values.edit(describeSecret(one, KEY, HOME).ARN, '{"keys":["precious"]}');
  one.aws.tables.table('acme-dev-rows').set('s1', { id: { S: 's1' } });
  await one.must([...DESTROY, ...(variant.protected ? ['--protected'] : [])]);
  return one;
}

export const sdk = ({ aws }: Deployment) => clients({ endpoint: aws.endpoint, account: ACCOUNT, region: HOME });
