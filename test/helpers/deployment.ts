/** An environment of three small stacks, an AWS to deploy it to, and the commands run against it. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Io } from '../../generator/commands/command.ts';
import type { OutputTree } from '../../generator/output/manifest.ts';
import type { AwsCall, Aws as FakeAws } from './aws/start.ts';
import { startAws } from './aws/start.ts';
import { ACCOUNT, BUCKETS, EDGE, HOME, type Variant, variantTree } from './deployment-variants.ts';
import { type Ran, run } from './fake-io.ts';

export { ACCOUNT, EDGE, HOME };

export interface Deployment {
  aws: FakeAws;
  /** Folder with `out`. */
  folder: string;
  /** Writes the output, as `generate` would. */
  output(variant?: Variant | OutputTree): Promise<OutputTree>;
  run(argv: readonly string[], io?: Partial<Io>): Promise<Ran>;
  /** Runs, expects it to be fine, and forgets the calls. */
  must(argv: readonly string[], io?: Partial<Io>): Promise<Ran>;
  /** `service:Operation` of each call since the last `must`, in order. */
  operations(): string[];
  clock: ReturnType<typeof testClock>;
}

/** Time passes only when somebody waits. */
export function testClock(start = Date.parse('2026-11-24T12:00:00Z')): {
  now(): Date;
  sleep(ms: number): Promise<void>;
} {
  let time = start;
  return {
    now: () => new Date(time),
    sleep: async (ms) => {
      time += ms;
    },
  };
}

/** An AWS with artifact buckets, and the output of `variant`. */
export async function deployment(
  variant: Variant = {},
  { buckets = true, stepsPerPoll = Number.POSITIVE_INFINITY, pageSize = 100 } = {},
): Promise<Deployment> {
  const clock = testClock();
  const aws = await startAws({ account: ACCOUNT, stepsPerPoll, pageSize, now: () => clock.now().getTime() });
  const folder = await mkdtemp(join(tmpdir(), 'edgepass-deploy-'));
  onTestFinished(async () => {
    await aws.close();
    await rm(folder, { recursive: true, force: true });
  });
  if (buckets) for (const at of BUCKETS) await makeBucket(aws, at);
  aws.calls.length = 0;
  const start: Deployment['run'] = (argv, io) =>
    run(argv, {
      cwd: folder,
      clock,
      env: {
        ...aws.environment({ region: HOME, account: ACCOUNT }),
        AWS_MAX_ATTEMPTS: '2',
        USER: 'ada',
        HOSTNAME: 'desk',
      },
      ...io,
    });
  const made: Deployment = {
    aws,
    folder,
    output: async (wanted = {}) => {
      const tree = 'manifest' in wanted ? wanted : variantTree(wanted);
      await writeTree(folder, tree);
      return tree;
    },
    run: start,
    must: async (argv, io) => {
      const ran = await start(argv, io);
      if (ran.code !== 0)
        throw new Error(`edgepass ${argv.join(' ')} ended with ${ran.code}\n${ran.stderr}\n${ran.stdout}`);
      aws.calls.length = 0;
      return ran;
    },
    clock,
    operations: () => aws.calls.map(({ service, operation }: AwsCall) => `${service}:${operation}`),
  };
  await made.output(variant);
  return made;
}

async function makeBucket(aws: FakeAws, { region, bucket }: { region: string; bucket: string }): Promise<void> {
  const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    endpoint: aws.endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'secret' },
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}

async function writeTree(folder: string, { environment, files, manifest }: OutputTree): Promise<void> {
  const out = join(folder, 'out', environment);
  await rm(out, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), bytes);
  }
  await writeFile(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Line of a text in a file of the output, from 1. */
export async function lineIn(folder: string, file: string, text: string): Promise<number> {
  const lines = (await readFile(join(folder, file), 'utf8')).split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}
