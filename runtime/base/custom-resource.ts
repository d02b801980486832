/**
 * Custom resources, by which CloudFormation has keys and edge content made: events in, answer by HTTP PUT to the address in the
 * event. Source: CloudFormation User Guide, "Custom resource request/response objects". The answer never holds data.
 */
import { isOurs, plainError } from '../aws/plain-error.ts';

export interface CustomResourceEvent {
  RequestType: 'Create' | 'Update' | 'Delete';
  ResponseURL: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
  PhysicalResourceId?: string;
}

export function isCustomResourceEvent(event: object): event is CustomResourceEvent {
  return 'RequestType' in event && 'ResponseURL' in event;
}

/** How the answer is sent; a test takes it from here. */
export type Send = (url: string, body: string) => Promise<void>;

export interface CustomResourceWork {
  /** The same on every update: another one would make CloudFormation delete the resource it takes for the old one. */
  physicalId: string;
  /** What is to be done at a creation or an update. */
  run(): Promise<unknown>;
  /** What is to be done at a deletion; without it nothing is, and a later deployment finds what is there. */
  remove?(): Promise<unknown>;
  send?: Send;
}

/**
 * Does what an event asks for and tells CloudFormation how it ended, which otherwise waits for an hour. Throws when it cannot be
 * told; Lambda then tries again.
 */
export async function answerCustomResource(
  event: CustomResourceEvent,
  { physicalId, run, remove, send = put }: CustomResourceWork,
): Promise<void> {
  let reason = '';
  try {
    if (event.RequestType === 'Delete') await remove?.();
    else await run();
  } catch (error) {
    reason = reasonOf(error);
  }
  const { StackId, RequestId, LogicalResourceId, PhysicalResourceId = physicalId } = event;
  const answer = {
    Status: reason === '' ? 'SUCCESS' : 'FAILED',
    PhysicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
  };
  await send(event.ResponseURL, JSON.stringify({ ...answer, ...(reason === '' ? {} : { Reason: reason }) }));
}

/** CloudFormation takes 4 KB for all of the answer. */
function reasonOf(error: unknown): string {
  const plain = plainError(error);
  return `${isOurs(plain) ? plain.code : plain.name}: ${plain.message}`.slice(0, 1_000);
}

async function put(url: string, body: string): Promise<void> {
  // Whoever has the address may answer: it is in no error.
  const answer = await fetch(url, { method: 'PUT', body, headers: { 'content-type': '' } }).catch((error: unknown) => {
    throw plainError(error);
  });
  if (!answer.ok) throw new Error(`CloudFormation answered ${answer.status}`);
}
