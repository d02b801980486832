/** Brings an earlier release back out of the artifact bucket, whole and checked; deploying it is the deployment's business. */
import { isPackaged } from '../bundle/bundle-types.ts';
import { type Manifest, sha256 } from '../output/manifest.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../report/diagnostic.ts';
import { guardAccount } from './account.ts';
import { artifactKey, bucketName, manifestKey, templateKey } from './bucket.ts';
import type { Aws } from './context.ts';
import { type ListedRecord, listRecords, readObject } from './records.ts';
import { type Release, readManifest } from './release.ts';

/** Newest first. Faults: EP7013. */
export async function earlierDeployments(aws: Aws, { manifest }: Release): Promise<Outcome<ListedRecord[]>> {
  const caller = await guardAccount(aws, manifest);
  return caller.ok ? outcome(await listRecords(aws, manifest)) : caller;
}

export interface RollbackOptions {
  /** Digest of the manifest, or how it begins. */
  to: string;
  packageRoot: string;
}

/** Faults: EP7001, EP7013, EP7511, EP7512. */
export async function earlierRelease(aws: Aws, current: Release, options: RollbackOptions): Promise<Outcome<Release>> {
  const listed = await earlierDeployments(aws, current);
  if (!listed.ok) return listed;
  const digest = chosen(listed.value, options.to);
  if (!digest.ok) return digest;
  const { manifest } = current;
  const home = { bucket: bucketName(manifest), region: manifest.region };
  const shown = `s3://${home.bucket}/${manifestKey({ ...manifest, digest: digest.value })}`;
  const bytes = await readObject(aws, { ...home, key: manifestKey({ ...manifest, digest: digest.value }) });
  if (bytes === undefined) return failed(incomplete(shown));
  const kept = await readManifest(new TextDecoder().decode(bytes), { shown, packageRoot: options.packageRoot });
  if (!kept.ok) return kept;
  // Whole in itself, and what was asked for.
  const { project, environment, account, digest: found } = kept.value;
  const isIt = project === manifest.project && environment === manifest.environment && account === manifest.account;
  if (!isIt || found !== digest.value) return failed(incomplete(shown));
  const files = new Map<string, Uint8Array>();
  const missing: Diagnostic[] = [];
  await Promise.all(
    placesOf(kept.value).map(async ({ path, sha256: digest, places }) => {
      const found = await firstWith(aws, { places, digest });
      if (found !== undefined) files.set(path, found);
      else missing.push(incomplete(`s3://${places[0]?.bucket}/${places[0]?.key}`));
    }),
  );
  return outcome({ manifest: kept.value, files, shown: `(deployed ${digest.value.slice(0, 12)})` }, missing);
}

interface Kept {
  path: string;
  sha256: string;
  /** Where it may be: code is in the bucket of every Region whose stacks use it. */
  places: { bucket: string; region: string; key: string }[];
}

/** Templates and code; the text of edge functions stands in the templates. */
function placesOf({ account, stacks, functions, files }: Manifest): Kept[] {
  const digests = new Map(files.map(({ path, sha256: digest }) => [path, digest]));
  const at = (region: string, key: string) => ({ bucket: bucketName({ account, region }), region, key });
  const templates = stacks.map((stack): Kept => {
    const digest = digests.get(stack.template) ?? '';
    return { path: stack.template, sha256: digest, places: [at(stack.region, templateKey(digest, stack))] };
  });
  const takers = stacks.filter(({ parameters }) =>
    Object.values(parameters).some((source) => 'artifactBucket' in source),
  );
  const regions = [...new Set(takers.map(({ region }) => region))];
  const code = functions
    .filter(({ kind }) => isPackaged(kind))
    .map(
      ({ file, sha256: digest }): Kept => ({
        path: file,
        sha256: digest,
        places: regions.map((region) => at(region, artifactKey(digest))),
      }),
    );
  return [...templates, ...code];
}

async function firstWith(
  aws: Aws,
  { places, digest }: { places: Kept['places']; digest: string },
): Promise<Uint8Array | undefined> {
  for (const place of places) {
    const found = await readObject(aws, place);
    if (found !== undefined && sha256(found) === digest) return found;
  }
  return undefined;
}

function chosen(records: readonly ListedRecord[], to: string): Outcome<string> {
  const digests = [...new Set(records.map(({ manifest }) => manifest))].filter((digest) => digest.startsWith(to));
  const [digest] = digests;
  if (digest !== undefined && digests.length === 1) return outcome(digest);
  return failed({
    code: 'EP7511',
    severity: 'error',
    message:
      digest === undefined ? `No deployment of ${to} is on record.` : `${to} is the beginning of several digests.`,
    hint: '`edgepass rollback` without --to lists what is on record.',
  });
}

function incomplete(what: string): Diagnostic {
  return {
    code: 'EP7512',
    severity: 'error',
    message: `${what} is gone or was changed, and without it that deployment cannot be made again.`,
    hint: 'Check out the revision it was made from instead, then `edgepass generate` and `edgepass deploy`.',
  };
}
