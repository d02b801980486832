/** Queues of Amazon SQS that are only sent to. */
import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';

export class Queues {
  /** Bodies of messages, oldest first. */
  readonly messages: string[] = [];

  call(operation: string, { MessageBody }: { MessageBody: string }): object {
    if (operation !== 'SendMessage') throw new AwsError('UnknownOperationException', operation);
    this.messages.push(MessageBody);
    // The client checks it.
    const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
    return { MessageId: String(this.messages.length), MD5OfMessageBody };
  }
}
