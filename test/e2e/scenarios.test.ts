import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { zip } from '../../generator/bundle/zip.ts';
import type { OutputTree } from '../../generator/output/manifest.ts';
import { sha256 } from '../../generator/output/manifest.ts';
import { startAws } from '../helpers/aws/start.ts';
import { EDGE, HOME, testClock, writeTree } from '../helpers/deployment.ts';
import { type Variant, variantTree } from '../helpers/deployment-variants.ts';
import { run } from '../helpers/fake-io.ts';
import { type Emulator, startMinistack } from '../helpers/ministack.ts';
import { describeWith } from '../helpers/needs.ts';
import { adapt } from './emulator-profile.ts';
import { rules } from './rules.ts';
import { type Ground, scenarios } from './scenarios.ts';

describe('deployment on the in-memory AWS', () => {
  const open = async (variant?: Variant): Promise<Ground> => {
    const clock = testClock();
    const account = '111111111111';
    const aws = await startAws({ account, now: () => clock.now().getTime() });
    onTestFinished(() => aws.close());
    const env = aws.environment({ region: HOME, account });
    return ground({ endpoint: aws.endpoint, account, env, clock, variant, adapted: async (tree) => tree });
  };
  scenarios(open);
  rules(open, { emulated: false });
});

describeWith(['ministack'], 'deployment on the emulator', () => {
  let emulator: Emulator;
  /** Each scenario has an account of its own: starting an emulator takes longer than most of them. */
  let account = 100_000_000_000;
  beforeAll(async () => {
    emulator = await startMinistack();
  }, 60_000);
  afterAll(() => emulator?.stop());

  const open = (variant?: Variant): Promise<Ground> => {
    const own = String(++account);
    return ground({
      endpoint: emulator.endpoint,
      account: own,
      env: emulator.environment({ account: own, region: HOME }),
      // It needs no time to speak of.
      clock: { now: () => new Date(), sleep: (ms) => sleep(Math.min(ms, 40)) },
      variant,
      adapted: async (tree) => ({ ...tree, ...(await adapt(emulator, tree)) }),
    });
  };
  scenarios(open);
  rules(open, { emulated: true });
});

interface Parts {
  endpoint: string;
  account: string;
  env: Record<string, string>;
  clock: { now(): Date; sleep(ms: number): Promise<void> };
  variant: Variant | undefined;
  adapted(tree: OutputTree): Promise<OutputTree>;
}

async function ground({ endpoint, account, env, clock, variant, adapted }: Parts): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'edgepass-scenario-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const settings = (region: string) => ({
    endpoint,
    region,
    credentials: { accessKeyId: account, secretAccessKey: 'secret' },
  });
  const s3 = (region: string): S3Client => new S3Client({ ...settings(region), forcePathStyle: true });
  for (const region of [HOME, EDGE])
    await s3(region).send(new CreateBucketCommand({ Bucket: `edgepass-artifacts-${account}-${region}` }));
  const made: Ground = {
    account,
    folder,
    now: () => clock.now().getTime(),
    async output(wanted = {}) {
      const tree = await adapted(real(variantTree(wanted), account));
      await writeTree(folder, tree);
      return tree.manifest;
    },
    run: (argv) => run(argv, { cwd: folder, clock, env: { ...env, USER: 'ada', HOSTNAME: 'desk' } }),
    later: () => clock.sleep(20),
    cloudFormation: (region) => new CloudFormationClient(settings(region)),
    dynamoDb: (region) => new DynamoDBClient(settings(region)),
    s3,
  };
  await made.output(variant);
  return made;
}

/** In its own account, and with functions that can be unpacked: what the stand-in keeps as bytes, an emulator runs. */
function real(tree: OutputTree, account: string): OutputTree {
  const files = new Map(tree.files);
  const functions = tree.manifest.functions.map((one) => {
    const bytes = zip({ 'index.js': files.get(one.file) ?? new Uint8Array() });
    files.set(one.file, bytes);
    for (const { template } of tree.manifest.stacks) {
      const text = new TextDecoder().decode(files.get(template));
      files.set(template, Buffer.from(text.replaceAll(one.sha256, sha256(bytes))));
    }
    return { ...one, sha256: sha256(bytes) };
  });
  const listed = [...files].map(([path, bytes]) => ({ path, sha256: sha256(bytes), size: bytes.length }));
  const { digest: _, ...content } = { ...tree.manifest, account, functions, files: listed };
  return { ...tree, files, manifest: { ...content, digest: sha256(JSON.stringify(content)) } };
}
