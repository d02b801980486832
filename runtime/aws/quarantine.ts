/** A queue for what could not be understood, so that nothing disappears in silence and nothing waits for it. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface Quarantine {
  /** `what` names the thing, `because` says what is wrong with it; neither holds a secret. */
  put(what: string, because: string): Promise<void>;
}

export function quarantine(client: SQSClient, url: string): Quarantine {
  return {
    async put(what, because) {
      const MessageBody = JSON.stringify({ what: what.slice(0, 200), because });
      await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    },
  };
}
