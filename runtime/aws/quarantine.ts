/** A queue for what could not be understood, so that nothing disappears in silence and nothing waits for it. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface Quarantine {
  /** `what` names the thing, `because` says what is wrong with it; tokens are taken out. */
  put(what: string, because: string): Promise<void>;
}

/** What somebody may have put into the table where a session should stand. */
const TOKEN = /eyJ[\w-]+(?:\.[\w-]*)*/g;

export function quarantine(client: SQSClient, url: string): Quarantine {
  return {
    async put(what, because) {
      const MessageBody = JSON.stringify({ what: what.replace(TOKEN, '(a token)').slice(0, 200), because });
      await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    },
  };
}
