/**
 * Runs on every request to the demo's distribution. It says who the viewer is, under a name that the function behind it trusts
 * because nobody else can write it. And CloudFront signs what goes to that function, which takes the hash of the body: no
 * request of the page has one, and one that came all the same would not fit its hash.
 */
import type { ViewerRequest, ViewerRequestEvent } from '../base/event.ts';

const NO_BODY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export async function handler(event: ViewerRequestEvent): Promise<ViewerRequest> {
  const request = event.request;
  request.headers['x-edgepass-viewer-address'] = { value: event.viewer.ip };
  request.headers['x-amz-content-sha256'] = { value: NO_BODY };
  return request;
}
