/** Custom resource: publishes the packaged site when it is made or changed, and empties the bucket when it goes. */
import { S3Client } from '@aws-sdk/client-s3';
import { answerCustomResource, type CustomResourceEvent } from '../base/custom-resource.ts';
import { readObject, siteBucket } from './bucket.ts';
import { clearSite, publishSite } from './publication.ts';

/** What the template says beside what CloudFormation does. */
export interface PublishEvent extends CustomResourceEvent {
  ResourceProperties: { Source: { S3Bucket: string; S3Key: string }; SiteBucket: string };
}

let client: S3Client | undefined;

export async function handler(event: PublishEvent): Promise<void> {
  client ??= new S3Client({});
  const s3 = client;
  const { Source, SiteBucket } = event.ResourceProperties;
  const bucket = siteBucket(s3, SiteBucket);
  await answerCustomResource(event, {
    // Another bucket is another publication: CloudFormation then deletes the old one, which empties the old bucket.
    physicalId: SiteBucket,
    run: async () => {
      const packed = await readObject(s3, { Bucket: Source.S3Bucket, Key: Source.S3Key });
      return publishSite({ packed, bucket, now: Date.now() });
    },
    remove: () => clearSite(bucket),
  });
}
