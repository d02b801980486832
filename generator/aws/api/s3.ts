/** The calls of S3 that edgepass makes. */
import {
  DeleteObjectCommand,
  type DeleteObjectCommandInput,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import type { ClientSettings } from '../clients.ts';

export type S3Api = ReturnType<typeof s3Api>;

export function s3Api(settings: ClientSettings) {
  // An endpoint of one's own has no host name for each bucket.
  const client = new S3Client({ ...settings, forcePathStyle: settings.endpoint !== undefined });
  return {
    deleteObject: (input: DeleteObjectCommandInput) => client.send(new DeleteObjectCommand(input)),
    getObject: (input: GetObjectCommandInput) => client.send(new GetObjectCommand(input)),
    headObject: (input: HeadObjectCommandInput) => client.send(new HeadObjectCommand(input)),
    listObjects: (input: ListObjectsV2CommandInput) => client.send(new ListObjectsV2Command(input)),
    putObject: (input: PutObjectCommandInput) => client.send(new PutObjectCommand(input)),
  };
}
