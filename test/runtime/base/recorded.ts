/** What this module's code asks of AWS when it does everything that it can. */
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { secretsManagerKey } from '../../../runtime/issuer/index.ts';
import { type DataCall, inProcess } from '../../helpers/aws/data/in-process.ts';
import { Secrets } from '../../helpers/aws/data/secrets.ts';
import { type Recorded, record } from '../../helpers/iam/recorded.ts';
import { testKey } from '../../helpers/sign.ts';
import { recordedKeys } from './recorded-keys.ts';
import { recordedRevocations } from './recorded-revocations.ts';

const NOW = 1_800_000_000;

export const recorded: Recorded = {
  functions: { keys: recordedKeys, revocations: recordedRevocations },

  policies: {
    /** The issuing library, in whatever mints tokens. */
    IssuerPolicy: async (ref) => {
      const secretId = ref('IssuerRecord');
      const secrets = new Secrets();
      secrets.create(secretId);
      const times = { signFrom: NOW, signUntil: NOW + 3_600 };
      secrets.edit(secretId, JSON.stringify({ version: 1, audience: 'acme/dev', ...testKey('issuer'), ...times }));
      const calls: DataCall[] = [];
      const clients = inProcess({ services: { secretsmanager: secrets }, calls });
      const source = secretsManagerKey({
        secretId,
        client: { getSecretValue: (input) => clients.secrets.send(new GetSecretValueCommand(input)) },
      });
      return record(calls, [['issue', () => source.current(NOW)]]);
    },
  },
};
