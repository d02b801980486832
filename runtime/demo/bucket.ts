/** The two buckets that a publication touches, as far as it does. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

export interface StoredFile {
  path: string;
  /** Milliseconds since 1970. */
  written: number;
}

export interface SiteBucket {
  put(file: { path: string; bytes: Uint8Array; type: string; cached: string }): Promise<void>;
  list(): Promise<StoredFile[]>;
  remove(paths: readonly string[]): Promise<void>;
}

/** An object as bytes. */
export async function readObject(client: S3Client, at: { Bucket: string; Key: string }): Promise<Uint8Array> {
  const { Body } = await client.send(new GetObjectCommand(at));
  if (Body === undefined) throw new Error(`${at.Key} has no content`);
  return Body.transformToByteArray();
}

/** As many as one request of S3 removes. */
const BATCH = 1000;

export function siteBucket(client: S3Client, bucket: string): SiteBucket {
  return {
    async put({ path, bytes, type, cached }) {
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: path, Body: bytes, ContentType: type, CacheControl: cached }),
      );
    },

    async list() {
      const found: StoredFile[] = [];
      let token: string | undefined;
      do {
        const { Contents = [], NextContinuationToken } = await client.send(
          new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }),
        );
        for (const { Key = '', LastModified } of Contents)
          found.push({ path: Key, written: LastModified?.getTime() ?? 0 });
        token = NextContinuationToken;
      } while (token !== undefined);
      return found;
    },

    async remove(paths) {
      for (let from = 0; from < paths.length; from += BATCH) {
        const Objects = paths.slice(from, from + BATCH).map((Key) => ({ Key }));
        const { Errors = [] } = await client.send(
          new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
        );
        if (Errors.length > 0) throw new Error(`${Errors.length} files cannot be removed`);
      }
    },
  };
}
