/** Bootstrap templates as files, for those who deploy them by other means. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { OutputTree } from '../output/manifest.ts';

export interface WrittenTemplate {
  account: string;
  region: string;
  stack: string;
  /** Relative to where the command was started. */
  file: string;
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
      written.push({ account, region, stack: name, file });
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
        ({ file, stack, region }) =>
          `aws cloudformation deploy --region ${region} --stack-name ${stack} --template-file ${file} --capabilities CAPABILITY_NAMED_IAM\n`,
      );
    return [`# with credentials of account ${account}, in this order\n`, ...commands].join('');
  });
  return parts.join('\n');
}
