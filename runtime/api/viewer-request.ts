/**
 * What stands between viewers and the API: a CloudFront Function on viewer requests of the API's own distribution.
 *
 * - CloudFront signs its requests to the function URL (origin access control) and writes `Authorization` for that. The viewer's own
 *   comes along under another name.
 * - Lambda takes no unsigned body, so a request that may have one must state its hash. Viewers send none here
 *   (CloudFront Developer Guide, "Restrict access to an AWS Lambda function URL origin").
 * - The address of the connection is told under a name of ours, in the form that the token check binds. A client that sends such
 *   names itself is not listened to.
 */

import type { Field, ViewerRequest, ViewerRequestEvent } from '../base/event.ts';
import { crypto } from '../token/crypto.ts';

/** What the build puts in. */
export interface ViewerRequestSettings {
  /** Headers of ours that clients may send. */
  accepted: string[];
}

const settings = SETTINGS as unknown as ViewerRequestSettings;

export async function handler(event: ViewerRequestEvent): Promise<ViewerRequest> {
  const request = event.request;
  const headers = request.headers;
  const names = Object.keys(headers);
  let i = names.length;
  while (i--) {
    const name = names[i] as string;
    if (name.startsWith('x-edgepass-') && settings.accepted.indexOf(name) === -1) delete headers[name];
  }
  const authorization = headers.authorization as Field | undefined;
  delete headers.authorization;
  delete headers['x-amz-content-sha256'];
  // Of two nobody could say which one counts.
  if (authorization && !authorization.multiValue) headers['x-edgepass-authorization'] = { value: authorization.value };
  headers['x-edgepass-viewer-address'] = { value: event.viewer.ip };
  if (request.method !== 'GET' && request.method !== 'HEAD')
    headers['x-amz-content-sha256'] = { value: crypto.createHash('sha256').update('').digest('hex') };
  return request;
}
