/** Bootstrap templates as files, for those who deploy them by other means. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bucketName } from '../aws/bucket.ts';
import type { OutputTree } from '../output/manifest.ts';

/** Bytes of a template that may stand in a request. Source: CloudFormation quotas. */
const MAX_BODY = 51_200;

export interface WrittenTemplate {
  account: string;
  region: string;
  stack: string;
  /** Relative to where the command was started. */
  file: string;
  /** The template is too large to stand in a request: it has to lie in the bucket that the stacks before it make. */
  upload: boolean;
}

export async function writeBootstrap(
  trees: readonly OutputTree[],
  { folder, cwd }: { folder: string; cwd: string },
): Promise<WrittenTemplate[]> {
  const written: WrittenTemplate[] = [];
  for (const { manifest, files } of trees) {
    const { account, stacks } = manifest;
    await mkdir(resolve(cwd, folder, account), { recursive: true });
    for (const { name, region, template } of stacks) {
      const file = join(folder, account, template);
      await writeFile(resolve(cwd, file), files.get(template) ?? '');
      const upload = (files.get(template)?.length ?? 0) > MAX_BODY;
      written.push({ account, region, stack: name, file, upload });
    }
  }
  return written;
}

/** What to type, account by account. */
export function handMade(written: readonly WrittenTemplate[]): string {
  const accounts = [...new Set(written.map(({ account }) => account))];
  const parts = accounts.map((account) => {
    const commands = written
      .filter((one) => one.account === account)
      .map(
        ({ file, stack, region, upload }) =>
          `aws cloudformation deploy --region ${region} --stack-name ${stack} --template-file ${file} --capabilities CAPABILITY_NAMED_IAM${upload ? ` --s3-bucket ${bucketName({ account, region })} --s3-prefix templates` : ''}\n`,
      );
    return [`# with credentials of account ${account}, in this order\n`, ...commands].join('');
  });
  return parts.join('\n');
}
