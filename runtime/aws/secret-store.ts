/**
 * A document in Secrets Manager that several may write, none of whom may overwrite what they have not seen.
 *
 * Secrets Manager has no conditional put. But it moves the label AWSCURRENT from one version to another only if it is where
 * the caller says (`UpdateSecretVersionStage`: "if the version ID does not match, then the operation fails"). So a new
 * version is put under a label of our own first, and made the current one by moving the label.
 */
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { errorName } from './error-name.ts';

const CURRENT = 'AWSCURRENT';
/** One label for all candidates: it moves to the latest, and versions without a label are removed by Secrets Manager. */
const CANDIDATE = 'edgepass-next';

/** A document as it was read; without text and version while it was never written. */
export interface Document {
  text?: string;
  version?: string;
}

export interface SecretStore {
  read(): Promise<Document>;
  /** Writes a text in place of the version that was read (none: while there is none). */
  replace(version: string | undefined, text: string): Promise<'done' | 'conflict'>;
}

export function secretStore(client: SecretsManagerClient, arn: string): SecretStore {
  return {
    async read() {
      try {
        // The label is stated because the role of the function allows no other.
        const { SecretString, VersionId } = await client.send(
          new GetSecretValueCommand({ SecretId: arn, VersionStage: CURRENT }),
        );
        return {
          ...(SecretString === undefined ? {} : { text: SecretString }),
          ...(VersionId === undefined ? {} : { version: VersionId }),
        };
      } catch (error) {
        // A secret without a version answers like one that does not exist; writing to the latter fails.
        if (errorName(error) === 'ResourceNotFoundException') return {};
        throw error;
      }
    },

    async replace(version, text) {
      const { VersionId } = await client.send(
        new PutSecretValueCommand({ SecretId: arn, SecretString: text, VersionStages: [CANDIDATE] }),
      );
      try {
        await client.send(
          new UpdateSecretVersionStageCommand({
            SecretId: arn,
            VersionStage: CURRENT,
            MoveToVersionId: VersionId,
            ...(version === undefined ? {} : { RemoveFromVersionId: version }),
          }),
        );
        return 'done';
      } catch (error) {
        // The first is what a label says that is elsewhere; the second, that the candidate was cleared away meanwhile.
        if (/^(InvalidParameterException|ResourceNotFoundException)$/.test(errorName(error))) return 'conflict';
        throw error;
      }
    },
  };
}
