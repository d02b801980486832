/** Names in the artifact bucket: there is one per account and Region, and everything in it has a name that follows from its content. */
import { artifactKey } from '../output/formats/gitops.ts';
import type { Manifest, ManifestStack } from '../output/manifest.ts';

export function bucketName({ account, region }: { account: string; region: string }): string {
  return `edgepass-artifacts-${account}-${region}`;
}

type Named = Pick<Manifest, 'project' | 'environment'>;

export const lockKey = ({ project, environment }: Named): string => `locks/${project}/${environment}.json`;
export const manifestPrefix = ({ project, environment }: Named): string => `manifests/${project}/${environment}/`;
export const recordPrefix = ({ project, environment }: Named): string => `deployments/${project}/${environment}/`;
export const planKey = ({ project, environment }: Named, plan: string): string =>
  `plans/${project}/${environment}/${plan}.json`;

export function manifestKey(manifest: Named & Pick<Manifest, 'digest'>): string {
  return `${manifestPrefix(manifest)}${manifest.digest}.json`;
}

/** The name behind the digest is for people who look into the bucket. */
export function templateKey(sha256: string, stack: Pick<ManifestStack, 'template'>): string {
  return `templates/${sha256}-${stack.template.replaceAll('/', '-')}`;
}

/** Where the template of the gitops format looks for a Lambda function. */
export { artifactKey };

/** Source: Amazon S3 User Guide, "Virtual hosting of buckets". */
export function objectUrl({ bucket, region, key }: { bucket: string; region: string; key: string }): string {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${bucket}.s3.${region}.${suffix}/${key}`;
}
